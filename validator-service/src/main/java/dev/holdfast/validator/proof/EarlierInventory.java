package dev.holdfast.validator.proof;

import java.time.Instant;

/**
 * What an earlier proof of the same stanza found.
 *
 * @param label the backup it proved
 * @param provenAt when
 * @param inventory what was in it
 */
public record EarlierInventory(String label, Instant provenAt, Inventory inventory) {}
