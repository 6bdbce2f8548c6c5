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

    /**
     * Stanzas without a backup that ended at the instant or later, is complete, has not failed its restore test and misses no WAL of its own; those that never
     * had one are among them.
     */
    Page<Stanza> stanzasWithoutValidBackup(Instant since, PageWish page);

    /** Stanzas that a policy, a service or a fact has named, by name. */
    Page<Stanza> stanzas(PageWish page);

    /** One stanza; empty if nothing has named it. */
    Optional<Answer<Stanza>> stanza(String stanza);

    /** Backups, the newest begun first. */
    Page<Backup> backups(BackupFilter filter, PageWish page);

    /** The sets with this label, one for each repository that has or had it. */
    List<Answer<Backup>> backup(String stanza, String label);

    /** Requests, the newest first; of one stanza or of all. */
    default Page<Request> requests(@Nullable String stanza, @Nullable String state, PageWish page) {
        return requests(stanza, state, Period.ALWAYS, page);
    }

    /** The same, of those that the log took in a period. */
    Page<Request> requests(@Nullable String stanza, @Nullable String state, Period asked, PageWish page);

    /** One request with its story; empty if nothing is known of it. */
    Optional<Answer<Request>> request(UUID requestId);

    /** The events about one backup set, the oldest first. */
    List<StoryLine> storyOfBackup(String stanza, String label);

    /** Restore tests, the newest first; of one stanza or backup or of all. */
    default Page<RestoreTest> restoreTests(
            @Nullable String stanza, @Nullable String label, @Nullable String verdict, PageWish page) {
        return restoreTests(stanza, label, verdict, Period.ALWAYS, page);
    }

    /** Seconds from the begin of a restore until PostgreSQL answered, of the stanza's newest tests that passed and say so; at most of so many. */
    List<Double> secondsUntilReady(String stanza, int most);

    /** The same, of those that the log took, as a request or by their begin, in a period. */
    Page<RestoreTest> restoreTests(
            @Nullable String stanza, @Nullable String label, @Nullable String verdict, Period asked, PageWish page);

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

    /**
     * Scheduled instants counted by day, the earliest first.
     *
     * @throws BadQuestionException if that is more than one answer may hold
     */
    Page<SlotDay> slotDays(@Nullable String stanza, Instant from, Instant to);

    /** A stanza's restore points, the newest first, at most so many. */
    List<RestorePoint> restorePoints(String stanza, int most);

    /** What should be there and is not; of one stanza or of all. */
    Answer<Missing> missing(@Nullable String stanza);

    /** What happened in a period; of one stanza or of all. */
    Answer<Audit> audit(@Nullable String stanza, Instant from, Instant to);

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
