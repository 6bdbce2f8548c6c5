package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Concludes the slots of schedules that a newer policy ended before somebody had dealt with them. */
final class LeftoverSlots {

    private final Timetables timetables;
    private final Conclusions conclusions;

    LeftoverSlots(Timetables timetables, Conclusions conclusions) {
        this.timetables = timetables;
        this.conclusions = conclusions;
    }

    /** What an earlier life of this scheduler has concluded is left over no more. */
    void recall(Ledger ledger, SlotConcluded concluded) {
        ledger.leftovers.replaceAll(leftover -> recalled(leftover, concluded));
    }

    private static Leftover recalled(Leftover leftover, SlotConcluded concluded) {
        Instant slot = concluded.getSlot();
        boolean itsOwn = leftover.schedule().equals(concluded.getSchedule())
                && slot.isAfter(leftover.through())
                && !slot.isAfter(leftover.until());
        return itsOwn ? new Leftover(leftover.policy(), leftover.schedule(), slot, leftover.until()) : leftover;
    }

    /** Concludes them, a step's worth of each. */
    void conclude(Ledger ledger, Moment moment) {
        for (Leftover leftover : List.copyOf(ledger.leftovers)) {
            ledger.leftovers.remove(leftover);
            timetables.of(leftover.policy()).plans().stream()
                    .filter(plan -> plan.name().equals(leftover.schedule()))
                    .findFirst()
                    .flatMap(plan -> concludeSome(leftover, plan, moment))
                    .ifPresent(ledger.leftovers::add);
        }
    }

    /** Concludes the slots of an ended schedule; what is more than a step's worth comes back as the rest. */
    private Optional<Leftover> concludeSome(Leftover leftover, Plan plan, Moment moment) {
        Instant through = leftover.through();
        for (int count = 0; count < SlotKeeper.SLOTS_A_STEP; count++) {
            Optional<Instant> slot = plan.cron().nextAfter(through).filter(next -> !next.isAfter(leftover.until()));
            if (slot.isEmpty()) {
                return Optional.empty();
            }
            through = slot.get();
            String reason = "the policy was changed before it was asked for";
            conclusions.conclude(leftover.policy(), plan, through, SlotOutcome.SUPERSEDED, reason, moment);
        }
        return Optional.of(new Leftover(leftover.policy(), leftover.schedule(), through, leftover.until()));
    }
}
