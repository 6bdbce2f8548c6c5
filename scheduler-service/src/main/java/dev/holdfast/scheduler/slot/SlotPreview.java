package dev.holdfast.scheduler.slot;

import dev.holdfast.events.Pause;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.SlotKind;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Tells in advance when a policy will fire. */
public final class SlotPreview {

    private SlotPreview() {}

    /**
     * One slot to come.
     *
     * @param schedule the schedule's name
     * @param kind what it asks for
     * @param type the backup's type in lower case; empty for a restore test
     * @param slot the scheduled instant
     * @param fires the slot with its jitter
     * @param local the slot on the wall clock of the policy's zone, with the offset in force
     * @param blackout the name of the blackout that swallows it; empty if none does
     * @param pause who paused it and why; empty if it is not paused then
     */
    public record Upcoming(
            String schedule,
            SlotKind kind,
            Optional<String> type,
            Instant slot,
            Instant fires,
            OffsetDateTime local,
            Optional<String> blackout,
            Optional<String> pause) {}

    private record Candidate(Plan plan, Instant slot, int order) {}

    /**
     * The slots after an instant, in order of time.
     *
     * @param pause the pause in force; empty if there is none
     * @param count how many at most
     */
    public static List<Upcoming> of(
            String stanza, PolicyDefinition definition, Optional<Pause> pause, Instant from, int count) {
        Timetable timetable = Timetable.of(definition);
        var queue = new PriorityQueue<>(Comparator.comparing(Candidate::slot).thenComparingInt(Candidate::order));
        for (Plan plan : timetable.plans()) {
            int order = queue.size();
            plan.cron().nextAfter(from).ifPresent(slot -> queue.add(new Candidate(plan, slot, order)));
        }
        List<Upcoming> upcoming = new ArrayList<>();
        while (upcoming.size() < count && !queue.isEmpty()) {
            Candidate first = queue.remove();
            upcoming.add(describe(stanza, timetable, pause, first));
            first.plan()
                    .cron()
                    .nextAfter(first.slot())
                    .ifPresent(slot -> queue.add(new Candidate(first.plan(), slot, first.order())));
        }
        return upcoming;
    }

    private static Upcoming describe(String stanza, Timetable timetable, Optional<Pause> pause, Candidate candidate) {
        Plan plan = candidate.plan();
        Duration jitter = timetable.jitter(stanza, plan.name());
        Instant fires = candidate.slot().plus(jitter);
        Optional<String> type = plan instanceof Plan.Backup backup
                ? Optional.of(backup.schedule().getType().name().toLowerCase(java.util.Locale.ROOT))
                : Optional.empty();
        return new Upcoming(
                plan.name(),
                plan.kind(),
                type,
                candidate.slot(),
                fires,
                candidate
                        .slot()
                        .atZone(ZoneId.of(timetable.definition().getTimezone()))
                        .toOffsetDateTime(),
                timetable.closedAt(fires).map(Timetable.Closed::name),
                pause.filter(known -> Pauses.cover(pause, fires)).map(Pauses::inWords));
    }
}
