package dev.holdfast.scheduler.streams;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Which stanza is due when, the earliest first. */
final class DueIndex {

    private record Due(Instant at, String stanza) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = at.compareTo(other.at);
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
            Due due = new Due(instant, stanza);
            byStanza.put(stanza, due);
            queue.add(due);
        });
    }

    /** Takes out the earliest stanza if it is due. */
    Optional<String> takeDue(Instant now) {
        if (queue.isEmpty() || queue.first().at().isAfter(now)) {
            return Optional.empty();
        }
        Due due = queue.removeFirst();
        byStanza.remove(due.stanza());
        return Optional.of(due.stanza());
    }

    int size() {
        return queue.size();
    }
}
