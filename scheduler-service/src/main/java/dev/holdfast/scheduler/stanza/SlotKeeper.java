package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.scheduler.slot.Timetable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leads every schedule of a policy from slot to slot, so that each slot is concluded exactly once and none early. */
final class SlotKeeper {

    /** At most so many slots of a schedule in one step; the rest follows in the next. */
    static final int SLOTS_A_STEP = 200;

    private final Timetables timetables;
    private final SlotJudge judge;
    private final SlotRequester requester;
    private final Conclusions conclusions;
    private final PolicyChange change;
    private final LeftoverSlots leftovers;
    private final ReopenedSlots reopened;

    SlotKeeper(Facts facts, Timetables timetables, Admissions admissions) {
        this.timetables = timetables;
        this.judge = new SlotJudge();
        this.requester = new SlotRequester(facts, admissions);
        this.conclusions = new Conclusions(facts);
        this.change = new PolicyChange(timetables, conclusions, admissions);
        this.leftovers = new LeftoverSlots(timetables, conclusions);
        this.reopened = new ReopenedSlots(facts, timetables, judge, requester, conclusions);
    }

    /** Puts a policy in force, or out of it. */
    void apply(Ledger ledger, Policy policy, Instant at, Moment moment) {
        change.apply(ledger, policy, at, moment);
    }

    /** What an earlier life of this scheduler has concluded: nothing new unless its state was lost. */
    void recall(Ledger ledger, SlotConcluded concluded) {
        // kept apart from the cursors too: the policy that the schedule belongs to may be read later, or come back
        ledger.concluded.merge(concluded.getSchedule(), concluded.getSlot(), Moment::later);
        Cursor known = ledger.cursors.get(concluded.getSchedule());
        if (known != null && known.through().isBefore(concluded.getSlot())) {
            ledger.cursors.put(concluded.getSchedule(), new Cursor(concluded.getSlot(), null));
        }
        leftovers.recall(ledger, concluded);
    }

    /** What the last conclusion of a schedule says of slots that were still open then. */
    void recallOpen(Ledger ledger, SlotConcluded concluded, List<Instant> open) {
        reopened.recall(ledger, concluded, open);
    }

    /** Concludes what is due. */
    void advance(Ledger ledger, Moment moment) {
        Instant forgotten = moment.now().minus(Ledger.MEMORY);
        ledger.concluded.values().removeIf(slot -> slot.isBefore(forgotten));
        leftovers.conclude(ledger, moment);
        reopened.conclude(ledger, moment);
        ledger.inForce().ifPresent(policy -> {
            Timetable timetable = timetables.of(policy);
            for (Plan plan : timetable.plans()) {
                advanceWaiting(ledger, policy, plan, moment);
                advance(ledger, new SlotJudge.Case(policy, timetable, plan), moment);
            }
        });
    }

    private void advanceWaiting(Ledger ledger, Policy policy, Plan plan, Moment moment) {
        Cursor cursor = ledger.cursors.get(plan.name());
        Instant waiting = Cursor.waitingAt(cursor);
        if (cursor == null || waiting == null) {
            return;
        }
        if (moment.now().isAfter(Conclusions.endOfPatience(policy, waiting))) {
            conclusions.missed(policy, plan, waiting, moment);
        } else if (ledger.busyWith(SlotRequester.kindOf(plan)).isEmpty()
                && timetables.closedUntil(policy, moment.now()).isEmpty()) {
            var slot = new Facts.Slot(policy, plan.name(), waiting, RequestOrigin.SCHEDULE);
            requester.request(ledger, plan, slot, SlotOutcome.REQUESTED, "its turn came after another request", moment);
        } else {
            return;
        }
        ledger.cursors.put(plan.name(), new Cursor(cursor.through(), null));
    }

    private void advance(Ledger ledger, SlotJudge.Case schedule, Moment moment) {
        Plan plan = schedule.plan();
        for (int count = 0; count < SLOTS_A_STEP; count++) {
            Cursor cursor = ledger.cursors.get(plan.name());
            Optional<Instant> slot =
                    cursor == null ? Optional.empty() : plan.cron().nextAfter(cursor.through());
            if (slot.isEmpty() || schedule.fires(slot.get()).isAfter(moment.now())) {
                return;
            }
            if (!carryOut(ledger, schedule, slot.get(), moment)) {
                return;
            }
        }
    }

    /** Deals with one due slot; false if it has to stay where it is for now. */
    private boolean carryOut(Ledger ledger, SlotJudge.Case schedule, Instant at, Moment moment) {
        Plan plan = schedule.plan();
        Policy policy = schedule.policy();
        Instant waits = null;
        switch (judge.judge(ledger, schedule, at, moment.now())) {
            case SlotJudge.Conclude verdict ->
                conclusions.conclude(policy, plan, at, verdict.outcome(), verdict.reason(), moment);
            case SlotJudge.Ask verdict -> {
                var slot = new Facts.Slot(policy, plan.name(), at, verdict.origin());
                requester.request(ledger, plan, slot, verdict.outcome(), verdict.reason(), moment);
            }
            case SlotJudge.Queue verdict -> {
                replaceWaiting(ledger, schedule, at, moment);
                waits = at;
            }
            case SlotJudge.Hold verdict -> {
                return false;
            }
        }
        Instant stillWaiting = waits != null ? waits : Cursor.waitingAt(ledger.cursors.get(plan.name()));
        ledger.cursors.put(plan.name(), new Cursor(at, stillWaiting));
        return true;
    }

    private void replaceWaiting(Ledger ledger, SlotJudge.Case schedule, Instant at, Moment moment) {
        Instant waiting = Cursor.waitingAt(ledger.cursors.get(schedule.plan().name()));
        if (waiting != null) {
            String reason = "it still waited for its turn when the slot of %s came".formatted(at);
            conclusions.conclude(schedule.policy(), schedule.plan(), waiting, SlotOutcome.SUPERSEDED, reason, moment);
        }
    }

    /** When the next slot fires, or a waiting one may. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        if (!ledger.leftovers.isEmpty()) {
            return Optional.of(now);
        }
        List<Instant> wakes = new ArrayList<>(reopened.wakes(ledger, now).toList());
        ledger.inForce().ifPresent(policy -> {
            Timetable timetable = timetables.of(policy);
            for (Plan plan : timetable.plans()) {
                wakeOf(ledger, new SlotJudge.Case(policy, timetable, plan), now).ifPresent(wakes::add);
            }
        });
        return wakes.stream().min(Instant::compareTo);
    }

    private Optional<Instant> wakeOf(Ledger ledger, SlotJudge.Case schedule, Instant now) {
        Cursor cursor = ledger.cursors.get(schedule.plan().name());
        if (cursor == null) {
            return Optional.empty();
        }
        Optional<Instant> closed = timetables.closedUntil(schedule.policy(), now);
        Optional<Instant> next = schedule.plan()
                .cron()
                .nextAfter(cursor.through())
                .map(schedule::fires)
                // a due slot that was left is held back by a blackout
                .map(fires -> fires.isAfter(now) ? fires : Moment.later(fires, closed.orElse(fires)));
        Instant waiting = cursor.waiting();
        if (waiting == null) {
            return next;
        }
        Instant notAfter = Conclusions.endOfPatience(schedule.policy(), waiting).plusMillis(1);
        Instant turn = ledger.busyWith(SlotRequester.kindOf(schedule.plan())).isPresent()
                ? notAfter
                : closed.filter(notAfter::isAfter).orElse(closed.isPresent() ? notAfter : now);
        return Optional.of(next.filter(turn::isAfter).orElse(turn));
    }
}
