package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.scheduler.slot.Timetable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** After lost state: the slots behind a schedule's cursor of which the log says that they were still open. */
final class ReopenedSlots {

    private final Facts facts;
    private final Timetables timetables;
    private final SlotJudge judge;
    private final SlotRequester requester;
    private final Conclusions conclusions;

    ReopenedSlots(
            Facts facts, Timetables timetables, SlotJudge judge, SlotRequester requester, Conclusions conclusions) {
        this.facts = facts;
        this.timetables = timetables;
        this.judge = judge;
        this.requester = requester;
        this.conclusions = conclusions;
    }

    /**
     * The last conclusion of a schedule tells what is open: what is concluded after it says so itself. Slots after the last
     * concluded one are ahead of the cursor anyway.
     */
    void recall(Ledger ledger, SlotConcluded concluded, List<Instant> open) {
        List<Instant> held = ledger.heldSlots(concluded.getSchedule());
        Instant last = ledger.concluded.getOrDefault(concluded.getSchedule(), concluded.getSlot());
        List<Instant> lost = open.stream()
                .filter(slot -> slot.isBefore(last) && !held.contains(slot))
                .toList();
        if (lost.isEmpty()) {
            ledger.reopened.remove(concluded.getSchedule());
        } else {
            ledger.reopened.put(
                    concluded.getSchedule(), new Reopened(concluded.getKind(), concluded.getPolicyDigest(), lost));
        }
    }

    /** Deals with them as with slots that were missed. */
    void conclude(Ledger ledger, Moment moment) {
        for (Map.Entry<String, Reopened> entry : List.copyOf(ledger.reopened.entrySet())) {
            String name = entry.getKey();
            Reopened lost = entry.getValue();
            List<Instant> concluded = new ArrayList<>();
            for (Instant slot : lost.slots()) {
                Optional<SlotJudge.Case> schedule = caseOf(ledger, name, lost.kind(), slot);
                if (schedule.isEmpty()) {
                    moment.outbox().add(facts.superseded(ledger.stanza, name, lost, slot, moment.now()));
                    concluded.add(slot);
                } else if (concludeLate(ledger, schedule.get(), slot, moment)) {
                    concluded.add(slot);
                }
            }
            Reopened rest = lost.without(concluded);
            if (rest.slots().isEmpty()) {
                ledger.reopened.remove(name);
            } else {
                ledger.reopened.put(name, rest);
            }
        }
    }

    /** The schedule in force that a slot belongs to; empty if there is none any more. */
    private Optional<SlotJudge.Case> caseOf(Ledger ledger, String name, SlotKind kind, Instant slot) {
        return ledger.inForce().flatMap(policy -> {
            Timetable timetable = timetables.of(policy);
            return timetable.plans().stream()
                    .filter(plan -> plan.name().equals(name) && plan.kind() == kind)
                    .filter(plan -> plan.cron()
                            .nextAfter(slot.minusMillis(1))
                            .filter(slot::equals)
                            .isPresent())
                    .findFirst()
                    .map(plan -> new SlotJudge.Case(policy, timetable, plan));
        });
    }

    /** Deals with a slot behind the cursor as with one that was missed; false if it has to wait. */
    private boolean concludeLate(Ledger ledger, SlotJudge.Case schedule, Instant slot, Moment moment) {
        Policy policy = schedule.policy();
        Plan plan = schedule.plan();
        switch (judge.judge(ledger, schedule, slot, moment.now())) {
            case SlotJudge.Conclude verdict ->
                conclusions.conclude(policy, plan, slot, verdict.outcome(), verdict.reason(), moment);
            case SlotJudge.Ask verdict ->
                requester.request(
                        ledger,
                        plan,
                        new Facts.Slot(policy, plan.name(), slot, verdict.origin()),
                        verdict.outcome(),
                        verdict.reason(),
                        moment);
            case SlotJudge.Queue verdict -> {
                return missedByNow(policy, plan, slot, moment);
            }
            case SlotJudge.Hold verdict -> {
                return missedByNow(policy, plan, slot, moment);
            }
        }
        return true;
    }

    private boolean missedByNow(Policy policy, Plan plan, Instant slot, Moment moment) {
        if (!moment.now().isAfter(Conclusions.endOfPatience(policy, slot))) {
            return false;
        }
        conclusions.missed(policy, plan, slot, moment);
        return true;
    }

    /** When each of them can be dealt with. */
    Stream<Instant> wakes(Ledger ledger, Instant now) {
        return ledger.reopened.entrySet().stream()
                .flatMap(entry -> entry.getValue().slots().stream()
                        .map(slot -> caseOf(
                                        ledger, entry.getKey(), entry.getValue().kind(), slot)
                                .map(schedule -> wakeOf(ledger, schedule, slot, now))
                                .orElse(now)));
    }

    private Instant wakeOf(Ledger ledger, SlotJudge.Case schedule, Instant slot, Instant now) {
        Instant givenUp = Conclusions.endOfPatience(schedule.policy(), slot).plusMillis(1);
        return switch (judge.judge(ledger, schedule, slot, now)) {
            case SlotJudge.Conclude verdict -> now;
            case SlotJudge.Ask verdict -> now;
            case SlotJudge.Queue verdict -> givenUp;
            case SlotJudge.Hold verdict ->
                timetables
                        .closedUntil(schedule.policy(), now)
                        .filter(givenUp::isAfter)
                        .orElse(givenUp);
        };
    }
}
