package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.scheduler.slot.Pauses;
import dev.holdfast.scheduler.slot.Timetable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Timetables of policies, kept by the policy's digest: stanzas with the same policy share one. Used by one thread. */
final class Timetables {

    private static final int KEPT = 1_000;

    private final Map<String, Timetable> byDigest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Timetable> eldest) {
            return size() > KEPT;
        }
    };

    private @Nullable Policy last;
    private @Nullable Timetable lastTimetable;

    /** The timetable of a policy. */
    @SuppressWarnings("ReferenceEquality") // another object may say the same: it is looked up then
    Timetable of(Policy policy) {
        // one step asks many times for the same, and to compare two definitions takes long
        if (policy == last && lastTimetable != null) {
            return lastTimetable;
        }
        Timetable timetable = find(policy);
        last = policy;
        lastTimetable = timetable;
        return timetable;
    }

    private Timetable find(Policy policy) {
        Timetable known = byDigest.get(policy.getDigest());
        // a digest that an outsider wrote may be anything: only an equal definition may share
        if (known == null || !known.definition().equals(policy.getDefinition())) {
            known = Timetable.of(policy.getDefinition());
            byDigest.put(policy.getDigest(), known);
        }
        return known;
    }

    /** Until when the scheduler itself may start nothing: the end of a blackout or a pause; empty if it may. */
    Optional<Instant> closedUntil(Policy policy, Instant now) {
        if (isPaused(policy, now)) {
            return Optional.of(policy.getPause()
                    .flatMap(dev.holdfast.events.Pause::getUntil)
                    .orElse(Instant.MAX));
        }
        return of(policy).closedAt(now).map(Timetable.Closed::end);
    }

    /** True if a pause covers the instant. */
    static boolean isPaused(Policy policy, Instant instant) {
        return Pauses.cover(policy.getPause(), instant);
    }
}
