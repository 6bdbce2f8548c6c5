package dev.holdfast.scheduler.slot;

import dev.holdfast.events.Blackout;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.scheduler.cron.CronSchedule;
import dev.holdfast.schemas.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy's schedules and blackouts, ready to be asked for instants. The same for every stanza with the same policy.
 */
public final class Timetable {

    private final PolicyDefinition definition;
    private final List<Plan> plans;
    private final List<Closure> closures;

    private record Closure(Blackout blackout, CronSchedule begins) {}

    /**
     * A stretch in which nothing is started.
     *
     * @param name of the blackout
     * @param end exclusive
     */
    public record Closed(String name, Instant end) {}

    private Timetable(PolicyDefinition definition, List<Plan> plans, List<Closure> closures) {
        this.definition = definition;
        this.plans = List.copyOf(plans);
        this.closures = List.copyOf(closures);
    }

    /**
     * Prepares a policy.
     *
     * @throws IllegalArgumentException if a zone or an expression is invalid: it did not come through the policy reader
     */
    public static Timetable of(PolicyDefinition definition) {
        ZoneId zone = zone(definition.getTimezone());
        List<Plan> plans = new ArrayList<>();
        definition
                .getBackups()
                .forEach(backup -> plans.add(new Plan.Backup(backup, CronSchedule.of(backup.getCron(), zone))));
        definition
                .getRestoreTests()
                .forEach(test ->
                        test.getCron().ifPresent(cron -> plans.add(new Plan.Test(test, CronSchedule.of(cron, zone)))));
        List<Closure> closures = definition.getBlackouts().stream()
                .map(blackout -> new Closure(blackout, CronSchedule.of(blackout.getCron(), zone)))
                .toList();
        return new Timetable(definition, plans, closures);
    }

    /** False for a policy that {@link #of} refuses. */
    public static boolean isValid(PolicyDefinition definition) {
        try {
            of(definition);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The policy. */
    public PolicyDefinition definition() {
        return definition;
    }

    /** Its schedules that go by the clock, in the policy's order. */
    public List<Plan> plans() {
        return plans;
    }

    /**
     * How much later than its slot a schedule fires: always the same for the same stanza and schedule, spread evenly
     * over the policy's jitter.
     */
    public Duration jitter(String stanza, String schedule) {
        long seconds = definition.getJitterSeconds();
        if (seconds <= 0) {
            return Duration.ZERO;
        }
        long hash = Ids.derived("jitter", stanza, schedule).getLeastSignificantBits();
        return Duration.ofMillis(Long.remainderUnsigned(hash, seconds * 1000));
    }

    /** The blackout that covers an instant, the one that ends last; empty if none does. */
    public Optional<Closed> closedAt(Instant instant) {
        Optional<Closed> last = Optional.empty();
        for (Closure closure : closures) {
            Optional<Closed> closed = covering(closure, instant);
            if (closed.isPresent()
                    && last.filter(known -> !known.end().isBefore(closed.get().end()))
                            .isEmpty()) {
                last = closed;
            }
        }
        return last;
    }

    private static Optional<Closed> covering(Closure closure, Instant instant) {
        Duration length = Duration.ofSeconds(closure.blackout().getForSeconds());
        Optional<Instant> begin = Optional.empty();
        Optional<Instant> next = closure.begins().nextAfter(instant.minus(length));
        while (next.isPresent() && !next.get().isAfter(instant)) {
            begin = next;
            next = closure.begins().nextAfter(next.get());
        }
        return begin.map(from -> new Closed(closure.blackout().getName(), from.plus(length)));
    }

    private static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new IllegalArgumentException("'%s' is no IANA time zone".formatted(name));
        }
        return ZoneId.of(name);
    }
}
