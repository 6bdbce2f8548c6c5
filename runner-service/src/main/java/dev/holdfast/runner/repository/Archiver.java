package dev.holdfast.runner.repository;

import java.time.Instant;
import java.util.Optional;

/**
 * What the running cluster says of its {@code archive_command}, counted since its statistics were last reset (PostgreSQL's view
 * {@code pg_stat_archiver}).
 *
 * @param archived segments that were archived
 * @param lastArchived the last of them; empty if there was none
 * @param failed attempts that failed
 * @param lastFailed the last of them; empty if there was none
 */
public record Archiver(long archived, Optional<Attempt> lastArchived, long failed, Optional<Attempt> lastFailed) {

    /**
     * An attempt to archive a file.
     *
     * @param file its name
     * @param at when, by the database's clock
     */
    public record Attempt(String file, Instant at) {}

    /** Whether the last attempt of all failed. */
    public boolean isFailing() {
        return lastFailed
                .filter(failure -> lastArchived
                        .filter(success -> !success.at().isBefore(failure.at()))
                        .isEmpty())
                .isPresent();
    }
}
