package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the catalog can be asked. Every answer is of one moment of the projection. */
public interface Catalog {

    /**
     * Asks about the past. Records count by their timestamps, so that a rebuilt catalog answers the same; heartbeats and announcements are
     * known for a day only.
     *
     * @param question is asked of a catalog that knows what the log had said by then, and may only be asked within this call
     * @throws BadQuestionException if that is more than can be folded for one question
     */
    <T> T asOf(Past past, Function<Catalog, T> question);

    /** Stanzas that a policy, a service or a fact has named, by name. */
    Page<Stanza> stanzas(PageWish page);

    /** One stanza; empty if nothing has named it. */
    Optional<Answer<Stanza>> stanza(String stanza);

    /** Backups, the newest begun first. */
    Page<Backup> backups(BackupFilter filter, PageWish page);

    /** The sets with this label, one for each repository that has or had it. */
    List<Answer<Backup>> backup(String stanza, String label);

    /** Requests, the newest first; of one stanza or of all. */
    Page<Request> requests(@Nullable String stanza, @Nullable String state, PageWish page);

    /** One request with its story; empty if nothing is known of it. */
    Optional<Answer<Request>> request(UUID requestId);

    /** The events about one backup set, the oldest first. */
    List<StoryLine> storyOfBackup(String stanza, String label);

    /** Restore tests, the newest first; of one stanza or backup or of all. */
    Page<RestoreTest> restoreTests(
            @Nullable String stanza, @Nullable String label, @Nullable String verdict, PageWish page);

    /** One restore test; empty if nothing is known of it. */
    Optional<Answer<RestoreTest>> restoreTest(UUID testId);

    /** The signed evidence of a test, byte for byte; empty if there is none. */
    Optional<String> evidence(UUID testId);

    /** Scheduled instants, the latest first. */
    Page<Slot> slots(
            @Nullable String stanza,
            @Nullable String outcome,
            @Nullable Instant from,
            @Nullable Instant to,
            PageWish page);

    /** Raw events in the order in which they were read, from the cursor on. */
    Page<RawEvent> events(EventFilter filter, PageWish page);

    /** The cursor behind the newest event: from there on only what comes is read. */
    String endOfEvents();

    /** How far the projection is. */
    AsOf asOf();

    /** A hash over everything projected; equal for equal logs. */
    ContentHash contentHash();

    /** Asks whoever projects to rebuild the projection from the log. */
    void wishForRebuild();

    /** True until the rebuilt projection answers. */
    boolean isRebuildWanted();
}
