package dev.holdfast.runner.repository;

/**
 * Segments that are missing between others. pgBackRest's {@code info}, {@code check} and {@code verify} stay green with
 * one, and a restore over it succeeds, with rows missing.
 *
 * @param archiveId such as 15-1
 * @param timeline 1 or more
 * @param first name of the first missing segment
 * @param last name of the last missing segment
 * @param segments how many are missing
 */
public record WalHole(String archiveId, int timeline, String first, String last, long segments) {}
