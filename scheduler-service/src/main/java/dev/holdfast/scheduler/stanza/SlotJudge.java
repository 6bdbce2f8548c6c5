package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.OverlapRule;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Pauses;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.scheduler.slot.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Decides what becomes of one due slot. */
final class SlotJudge {

    /** A slot that fires later than this was missed: nobody was there. */
    static final Duration ON_TIME = Duration.ofSeconds(60);

    /** A schedule in its policy. */
    record Case(Policy policy, Timetable timetable, Plan plan) {

        /** When a slot fires: itself and its jitter. */
        Instant fires(Instant slot) {
            return slot.plus(timetable.jitter(policy.getStanza(), plan.name()));
        }
    }

    /** What to do with a slot. */
    sealed interface Verdict {}

    /** Nothing is asked for. */
    record Conclude(SlotOutcome outcome, String reason) implements Verdict {}

    /** Ask for it. */
    record Ask(SlotOutcome outcome, RequestOrigin origin, String reason) implements Verdict {}

    /** Ask for it once the request that stands in its way is over. */
    record Queue() implements Verdict {}

    /** Decide later: nothing may be started now. */
    record Hold() implements Verdict {}

    Verdict judge(Ledger ledger, Case schedule, Instant slot, Instant now) {
        Instant fires = schedule.fires(slot);
        Optional<Timetable.Closed> blackout = schedule.timetable().closedAt(fires);
        if (blackout.isPresent()) {
            return new Conclude(
                    SlotOutcome.SKIPPED_BLACKOUT,
                    "blackout '%s' until %s"
                            .formatted(blackout.get().name(), blackout.get().end()));
        }
        if (Timetables.isPaused(schedule.policy(), fires)) {
            return new Conclude(SlotOutcome.SKIPPED_PAUSED, pauseOf(schedule.policy()));
        }
        return Duration.between(fires, now).compareTo(ON_TIME) > 0
                ? missed(ledger, schedule, slot, now)
                : overlap(ledger, schedule, new Ask(SlotOutcome.REQUESTED, RequestOrigin.SCHEDULE, ""));
    }

    private static Verdict missed(Ledger ledger, Case schedule, Instant slot, Instant now) {
        var definition = schedule.policy().getDefinition();
        Duration late = Duration.between(slot, now);
        boolean tooOld = definition
                .getMissedWithinSeconds()
                .filter(within -> late.toSeconds() > within)
                .isPresent();
        if (tooOld) {
            return new Conclude(SlotOutcome.MISSED, "seen %s late, which is more than missed.within".formatted(late));
        }
        return switch (definition.getMissed()) {
            case SKIP -> new Conclude(SlotOutcome.MISSED, "seen %s late, and missed slots are skipped".formatted(late));
            case RUN_ALL -> closed(schedule, now) ? new Hold() : caughtUp(late);
            case RUN_ONCE, UNKNOWN -> once(ledger, schedule, slot, now);
        };
    }

    private static Verdict once(Ledger ledger, Case schedule, Instant slot, Instant now) {
        Optional<Instant> next = schedule.plan().cron().nextAfter(slot);
        if (next.isPresent() && !schedule.fires(next.get()).isAfter(now)) {
            return new Conclude(SlotOutcome.SUPERSEDED, "missed, and so was the later slot of " + next.get());
        }
        return closed(schedule, now) ? new Hold() : overlap(ledger, schedule, caughtUp(Duration.between(slot, now)));
    }

    private static Ask caughtUp(Duration late) {
        return new Ask(
                SlotOutcome.CAUGHT_UP, RequestOrigin.CATCH_UP, "missed, and made up for %s late".formatted(late));
    }

    private static Verdict overlap(Ledger ledger, Case schedule, Ask ask) {
        Optional<UUID> busy = ledger.busyWith(SlotRequester.kindOf(schedule.plan()));
        if (busy.isEmpty()) {
            return ask;
        }
        if (schedule.policy().getDefinition().getOverlap() == OverlapRule.SKIP) {
            return new Conclude(SlotOutcome.SKIPPED_OVERLAP, "request %s is not over yet".formatted(busy.get()));
        }
        return new Queue();
    }

    private static boolean closed(Case schedule, Instant now) {
        return schedule.timetable().closedAt(now).isPresent() || Timetables.isPaused(schedule.policy(), now);
    }

    private static String pauseOf(Policy policy) {
        return policy.getPause().map(Pauses::inWords).orElse("paused");
    }
}
