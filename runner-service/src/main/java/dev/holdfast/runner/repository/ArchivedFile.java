package dev.holdfast.runner.repository;

import java.time.Instant;

/**
 * A file of the WAL archive.
 *
 * @param path below the stanza's archive, such as {@code 15-1/0000000100000000/000000010000000000000003-<sha1>.gz}
 * @param archivedAt when it was written there
 */
public record ArchivedFile(String path, Instant archivedAt) {}
