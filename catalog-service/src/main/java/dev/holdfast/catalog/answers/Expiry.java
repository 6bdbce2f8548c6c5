package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What retention will remove next from a stanza's repositories.
 *
 * @param stanza the stanza
 * @param repositories each repository that was observed
 */
public record Expiry(String stanza, List<OfRepository> repositories) {

    /** Copies the list. */
    public Expiry {
        repositories = List.copyOf(repositories);
    }

    /** What makes retention remove a set. */
    public enum Trigger {
        /** The next full backup that completes. */
        NEXT_FULL,
        /** The next differential backup that completes. */
        NEXT_DIFF,
        /** The next expiry, which follows every backup: there are more than are kept already. */
        NEXT_EXPIRY,
        /** The first expiry after an instant. */
        AFTER
    }

    /**
     * One repository.
     *
     * @param repository its number
     * @param retention what is configured, such as {@code repo1-retention-full} to {@code 4}; empty where the runner does not say
     * @param explanation what follows from it, for people
     * @param next what goes next, the soonest first
     */
    public record OfRepository(int repository, Map<String, String> retention, String explanation, List<Next> next) {

        /** Copies the collections; settings come in the order of their names. */
        public OfRepository {
            retention = Collections.unmodifiableMap(new TreeMap<>(retention));
            next = List.copyOf(next);
        }
    }

    /**
     * A set that goes next.
     *
     * @param label the set
     * @param type its kind
     * @param trigger what removes it
     * @param after for {@link Trigger#AFTER} the instant; null otherwise
     * @param takesAlong sets that build on it and go with it, the oldest first
     * @param proof of it, which is lost for new questions; null if it was never proven
     * @param lastProven true if no set that stays has been proven
     * @param earliestAfterwards the earliest instant to which the stanza can be restored from this repository once it is gone; null if that is not known
     */
    public record Next(
            String label,
            @Nullable String type,
            Trigger trigger,
            @Nullable Instant after,
            List<String> takesAlong,
            @Nullable Proof proof,
            boolean lastProven,
            @Nullable Instant earliestAfterwards) {

        /** Copies the list. */
        public Next {
            takesAlong = List.copyOf(takesAlong);
        }
    }
}
