package dev.holdfast.catalog.answers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why something waits, as it was when it began to; {@code /api/v1/queue} of the scheduler says how it is now.
 *
 * @param cause for programs
 * @param detail for people
 * @param pool that it waits for; null where none announces the stanza
 * @param waiting how many others waited for it
 * @param since since when it could have been asked for
 */
public record Queued(String cause, String detail, @Nullable String pool, int waiting, Instant since) {}
