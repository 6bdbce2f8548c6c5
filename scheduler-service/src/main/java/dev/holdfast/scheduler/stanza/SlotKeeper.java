package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.scheduler.slot.Timetable;
import dev.holdfast.scheduler.stanza.Ledger.Cursor;
import dev.holdfast.scheduler.stanza.Ledger.Leftover;
import dev.holdfast.scheduler.stanza.Ledger.Reopened;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Leads every schedule of a policy from slot to slot, so that each slot is concluded exactly once and none early. */
final class SlotKeeper {

    /** At most so many slots of a schedule in one step; the rest follows in the next. */
    private static final int SLOTS_A_STEP = 200;

    private final Facts facts;
    private final Timetables timetables;
    private final SlotJudge judge;
    private final SlotRequester requester;
    private final Admissions admissions;

    SlotKeeper(Facts facts, Timetables timetables, Admissions admissions) {
        this.facts = facts;
        this.timetables = timetables;
        this.judge = new SlotJudge();
        this.requester = new SlotRequester(facts, admissions);
        this.admissions = admissions;
    }

    /** Puts a policy in force, or out of it. */
    void apply(Ledger ledger, Policy policy, Instant at, Moment moment) {
        Policy old = ledger.policy;
        if (old != null
                && (old.getVersion() > policy.getVersion() || old.getEventId().equals(policy.getEventId()))) {
            return;
        }
        Timetable timetable = timetables.of(policy);
        boolean inForce = policy.getState() == PolicyState.IN_FORCE;
        Map<String, Cursor> cursors = inForce ? cursorsFor(ledger, timetable, at, moment.now()) : Map.of();
        leaveOver(ledger, cursors, at);
        abandonWaiting(ledger, cursors, moment);
        admissions.supersede(ledger, schedule -> inForce && goesOn(ledger, timetable, schedule), moment);
        ledger.cursors.clear();
        ledger.cursors.putAll(cursors);
        ledger.policy = policy;
        if (!inForce) {
            ledger.inForceSince = null;
            ledger.objectives.clear();
        } else if (ledger.inForceSince == null) {
            ledger.inForceSince = at;
        }
    }

    private Map<String, Cursor> cursorsFor(Ledger ledger, Timetable timetable, Instant at, Instant now) {
        Optional<Timetable> before = ledger.inForce().map(timetables::of);
        // what an older policy left open while nobody was there to conclude it is not taken up for ever
        Instant start = at.isBefore(now.minus(Ledger.MEMORY)) ? now.minus(Ledger.MEMORY) : at;
        Map<String, Cursor> cursors = new LinkedHashMap<>();
        for (Plan plan : timetable.plans()) {
            Cursor known = ledger.cursors.get(plan.name());
            if (known == null
                    || before.filter(old -> hasSame(old, timetable, plan)).isEmpty()) {
                Instant reached = known == null ? start : later(start, known.through());
                known = new Cursor(later(reached, ledger.concluded.getOrDefault(plan.name(), start)), null);
            }
            cursors.put(plan.name(), known);
        }
        return cursors;
    }

    private boolean goesOn(Ledger ledger, Timetable current, String schedule) {
        Optional<Timetable> old = ledger.inForce().map(timetables::of);
        return current.plans().stream()
                .filter(plan -> plan.name().equals(schedule))
                .anyMatch(plan ->
                        old.filter(before -> hasSame(before, current, plan)).isPresent());
    }

    private static boolean hasSame(Timetable old, Timetable current, Plan plan) {
        return old.definition().getTimezone().equals(current.definition().getTimezone())
                && old.plans().stream()
                        .anyMatch(known -> known.name().equals(plan.name())
                                && known.kind() == plan.kind()
                                && known.cron().toString().equals(plan.cron().toString()));
    }

    /**
     * A schedule that ends may have slots that nobody has dealt with: they fire later than their slot, or nobody was there.
     * They are concluded once everything has been read: until then it is not known which of them have been already.
     */
    private void leaveOver(Ledger ledger, Map<String, Cursor> kept, Instant at) {
        ledger.inForce().ifPresent(policy -> {
            for (Plan plan : timetables.of(policy).plans()) {
                Cursor cursor = ledger.cursors.get(plan.name());
                boolean goesOn = cursor != null && cursor.equals(kept.get(plan.name()));
                if (cursor != null && !goesOn && cursor.through().isBefore(at)) {
                    ledger.leftovers.add(new Leftover(policy, plan.name(), cursor.through(), at));
                }
            }
        });
    }

    private void concludeLeftovers(Ledger ledger, Moment moment) {
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
        for (int count = 0; count < SLOTS_A_STEP; count++) {
            Optional<Instant> slot = plan.cron().nextAfter(through).filter(next -> !next.isAfter(leftover.until()));
            if (slot.isEmpty()) {
                return Optional.empty();
            }
            through = slot.get();
            String reason = "the policy was changed before it was asked for";
            conclude(leftover.policy(), plan, through, SlotOutcome.SUPERSEDED, reason, moment);
        }
        return Optional.of(new Leftover(leftover.policy(), leftover.schedule(), through, leftover.until()));
    }

    /** A slot that waited for its turn is concluded even if its schedule goes away. */
    private void abandonWaiting(Ledger ledger, Map<String, Cursor> kept, Moment moment) {
        ledger.inForce().ifPresent(policy -> {
            for (Plan plan : timetables.of(policy).plans()) {
                Instant waiting = waiting(ledger.cursors.get(plan.name()));
                if (waiting != null && waiting(kept.get(plan.name())) == null) {
                    conclude(
                            policy,
                            plan,
                            waiting,
                            SlotOutcome.SUPERSEDED,
                            "the policy was changed while the slot waited",
                            moment);
                }
            }
        });
    }

    private static @Nullable Instant waiting(@Nullable Cursor cursor) {
        return cursor == null ? null : cursor.waiting();
    }

    /** What an earlier life of this scheduler has concluded: nothing new unless its state was lost. */
    void recall(Ledger ledger, SlotConcluded concluded) {
        // kept apart from the cursors too: the policy that the schedule belongs to may be read later, or come back
        ledger.concluded.merge(concluded.getSchedule(), concluded.getSlot(), SlotKeeper::later);
        Cursor known = ledger.cursors.get(concluded.getSchedule());
        if (known != null && known.through().isBefore(concluded.getSlot())) {
            ledger.cursors.put(concluded.getSchedule(), new Cursor(concluded.getSlot(), null));
        }
        ledger.leftovers.replaceAll(leftover -> recalled(leftover, concluded));
    }

    private static Leftover recalled(Leftover leftover, SlotConcluded concluded) {
        Instant slot = concluded.getSlot();
        boolean itsOwn = leftover.schedule().equals(concluded.getSchedule())
                && slot.isAfter(leftover.through())
                && !slot.isAfter(leftover.until());
        return itsOwn ? new Leftover(leftover.policy(), leftover.schedule(), slot, leftover.until()) : leftover;
    }

    /**
     * The last conclusion of a schedule tells what is open: what is concluded after it says so itself. Slots after the last
     * concluded one are ahead of the cursor anyway.
     */
    void recallOpen(Ledger ledger, SlotConcluded concluded, List<Instant> open) {
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

    private void concludeReopened(Ledger ledger, Moment moment) {
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
                conclude(policy, plan, slot, verdict.outcome(), verdict.reason(), moment);
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
        Instant notAfter = slot.plusSeconds(Facts.patience(policy));
        if (moment.now().isAfter(notAfter)) {
            conclude(policy, plan, slot, SlotOutcome.MISSED, "it waited for its turn until " + notAfter, moment);
            return true;
        }
        return false;
    }

    private Stream<Instant> wakesOfReopened(Ledger ledger, Instant now) {
        return ledger.reopened.entrySet().stream()
                .flatMap(entry -> entry.getValue().slots().stream()
                        .map(slot -> caseOf(
                                        ledger, entry.getKey(), entry.getValue().kind(), slot)
                                .map(schedule -> wakeOfReopened(ledger, schedule, slot, now))
                                .orElse(now)));
    }

    private Instant wakeOfReopened(Ledger ledger, SlotJudge.Case schedule, Instant slot, Instant now) {
        Instant givenUp = slot.plusSeconds(Facts.patience(schedule.policy())).plusMillis(1);
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

    /** Concludes what is due. */
    void advance(Ledger ledger, Moment moment) {
        Instant forgotten = moment.now().minus(Ledger.MEMORY);
        ledger.concluded.values().removeIf(slot -> slot.isBefore(forgotten));
        concludeLeftovers(ledger, moment);
        concludeReopened(ledger, moment);
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
        Instant waiting = waiting(cursor);
        if (cursor == null || waiting == null) {
            return;
        }
        Instant notAfter = waiting.plusSeconds(Facts.patience(policy));
        if (moment.now().isAfter(notAfter)) {
            conclude(policy, plan, waiting, SlotOutcome.MISSED, "it waited for its turn until " + notAfter, moment);
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
            case SlotJudge.Conclude verdict -> conclude(policy, plan, at, verdict.outcome(), verdict.reason(), moment);
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
        Instant stillWaiting = waits != null ? waits : waiting(ledger.cursors.get(plan.name()));
        ledger.cursors.put(plan.name(), new Cursor(at, stillWaiting));
        return true;
    }

    private void replaceWaiting(Ledger ledger, SlotJudge.Case schedule, Instant at, Moment moment) {
        Instant waiting = waiting(ledger.cursors.get(schedule.plan().name()));
        if (waiting != null) {
            conclude(
                    schedule.policy(),
                    schedule.plan(),
                    waiting,
                    SlotOutcome.SUPERSEDED,
                    "it still waited for its turn when the slot of %s came".formatted(at),
                    moment);
        }
    }

    private void conclude(Policy policy, Plan plan, Instant at, SlotOutcome outcome, String reason, Moment moment) {
        var slot = new Facts.Slot(policy, plan.name(), at, RequestOrigin.SCHEDULE);
        moment.outbox().add(facts.concluded(plan, slot, outcome, reason, moment.now()));
    }

    /** When the next slot fires, or a waiting one may. */
    Optional<Instant> wake(Ledger ledger, Instant now) {
        if (!ledger.leftovers.isEmpty()) {
            return Optional.of(now);
        }
        List<Instant> wakes = new ArrayList<>(wakesOfReopened(ledger, now).toList());
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
                .map(fires -> fires.isAfter(now) ? fires : later(fires, closed.orElse(fires)));
        Instant waiting = cursor.waiting();
        if (waiting == null) {
            return next;
        }
        Instant notAfter =
                waiting.plusSeconds(Facts.patience(schedule.policy())).plusMillis(1);
        Instant turn = ledger.busyWith(SlotRequester.kindOf(schedule.plan())).isPresent()
                ? notAfter
                : closed.filter(notAfter::isAfter).orElse(closed.isPresent() ? notAfter : now);
        return Optional.of(next.filter(turn::isAfter).orElse(turn));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
