package dev.holdfast.scheduler.stanza;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repository was seen to hold.
 *
 * @param at when
 * @param looksAgain in which time somebody looks again; null if nobody says
 * @param archivedAt when its last WAL segment was archived; null if none ever was
 * @param labels the backups that it lists
 * @param windows to which instants the cluster can be restored
 */
public record SeenRepository(
        Instant at,
        @Nullable Instant archivedAt,
        List<String> labels,
        List<Window> windows,
        @Nullable Duration looksAgain) {}
