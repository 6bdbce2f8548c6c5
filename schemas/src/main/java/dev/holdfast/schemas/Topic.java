package dev.holdfast.schemas;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The topics of the contract. All have {@link #PARTITIONS} partitions and are keyed by stanza, but for {@link #RUNNERS}. */
public enum Topic {
    /** The policy of each stanza; compacted. */
    POLICIES("holdfast.policies", Kept.COMPACTED),
    /** Who lives and serves which stanzas; keyed by pool, service and instance, compacted. */
    RUNNERS("holdfast.runners", Kept.COMPACTED),
    /** Requests for backups. */
    BACKUP_REQUESTS("holdfast.backup.requests", Kept.FOR_EVER),
    /** Cancellations. */
    CONTROLS("holdfast.controls", Kept.FOR_EVER),
    /** What became of backup requests and of backups. */
    BACKUP_EVENTS("holdfast.backup.events", Kept.FOR_EVER),
    /** Heartbeats of running backups. */
    BACKUP_PROGRESS("holdfast.backup.progress", Kept.ONE_DAY),
    /** What the repositories hold. */
    REPOSITORY_EVENTS("holdfast.repository.events", Kept.FOR_EVER),
    /** Requests for restore tests. */
    RESTORE_TEST_REQUESTS("holdfast.restore-test.requests", Kept.FOR_EVER),
    /** Verdicts. */
    RESTORE_TEST_EVENTS("holdfast.restore-test.events", Kept.FOR_EVER),
    /** Heartbeats of running restore tests. */
    RESTORE_TEST_PROGRESS("holdfast.restore-test.progress", Kept.ONE_DAY),
    /** What the scheduler decided. */
    POLICY_EVENTS("holdfast.policy.events", Kept.FOR_EVER);

    /** Partitions of every topic. Raising the number would move stanzas to other partitions and so break their order. */
    public static final int PARTITIONS = 12;

    /** Appended to a topic's name for the topic that takes its unreadable records. */
    public static final String DEAD_LETTER_SUFFIX = ".dlt";

    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(30);

    private static final Map<String, Topic> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Topic::wireName, Function.identity()));

    private final String wireName;
    private final Kept kept;

    Topic(String wireName, Kept kept) {
        this.wireName = wireName;
        this.kept = kept;
    }

    /** The topic's name on the broker. */
    public String wireName() {
        return wireName;
    }

    /** The name of the topic that takes records of this one that nobody can read. */
    public String deadLetterName() {
        return wireName + DEAD_LETTER_SUFFIX;
    }

    /** The topic of this name; empty if it is none of the contract's. */
    public static Optional<Topic> named(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }

    /** Topic settings to create it with. */
    public Map<String, String> settings() {
        return Map.of(kept.setting, kept.value);
    }

    /** What of {@link #settings} a topic that somebody else created must have too. */
    Map<String, String> indispensable() {
        return switch (kept) {
            case COMPACTED, FOR_EVER -> settings();
            // a site may keep heartbeats for longer or shorter
            case ONE_DAY -> Map.of();
        };
    }

    /** Settings of every dead-letter topic. */
    public static Map<String, String> deadLetterSettings() {
        return Map.of("retention.ms", String.valueOf(DEAD_LETTERS_KEPT.toMillis()));
    }

    /** How long a topic's records stay. */
    private enum Kept {
        COMPACTED("cleanup.policy", "compact"),
        FOR_EVER("retention.ms", "-1"),
        ONE_DAY("retention.ms", String.valueOf(Duration.ofDays(1).toMillis()));

        private final String setting;
        private final String value;

        Kept(String setting, String value) {
            this.setting = setting;
            this.value = value;
        }
    }
}
