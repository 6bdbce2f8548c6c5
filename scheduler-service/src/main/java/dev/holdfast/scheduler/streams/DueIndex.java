package dev.holdfast.scheduler.streams;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which stanza is due when, to the millisecond and never early. Kept small: there is an entry for every stanza. */
final class DueIndex {

    private static final Instant LAST_MILLISECOND = Instant.ofEpochMilli(Long.MAX_VALUE);

    /** @param at epoch milliseconds */
    private record Due(long at, String stanza) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : stanza.compareTo(other.stanza);
        }
    }

    private final TreeSet<Due> queue = new TreeSet<>();
    private final Map<String, Due> byStanza = new HashMap<>();

    /** Sets when a stanza is due; empty if it never is. */
    void put(String stanza, Optional<Instant> at) {
        Due old = byStanza.remove(stanza);
        if (old != null) {
            queue.remove(old);
        }
        at.ifPresent(instant -> {
            Due due = new Due(millisecond(instant), old == null ? stanza : old.stanza());
            byStanza.put(due.stanza(), due);
            queue.add(due);
        });
    }

    /** The millisecond in which an instant is reached. */
    private static long millisecond(Instant instant) {
        if (instant.isAfter(LAST_MILLISECOND)) {
            return Long.MAX_VALUE;
        }
        Instant reached = instant.plusNanos(999_999);
        return reached.isAfter(LAST_MILLISECOND) ? Long.MAX_VALUE : reached.toEpochMilli();
    }

    /** When the earliest one is due; empty if none ever is. */
    Optional<Instant> first() {
        return queue.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(queue.first().at()));
    }

    /** Takes out the stanza that has been due for longest. */
    Optional<String> takeDue(Instant now) {
        return take(queue.isEmpty() ? null : queue.first(), now);
    }

    /** Takes out the stanza that became due last. */
    Optional<String> takeNewest(Instant now) {
        return take(queue.lower(new Due(now.toEpochMilli() + 1, "")), now);
    }

    private Optional<String> take(@Nullable Due due, Instant now) {
        if (due == null || due.at() > now.toEpochMilli()) {
            return Optional.empty();
        }
        queue.remove(due);
        byStanza.remove(due.stanza());
        return Optional.of(due.stanza());
    }
}
