package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.scheduler.slot.Timetable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts policies in force and out of it: what goes on as it was keeps its place, and of what ends no slot is forgotten.
 */
final class PolicyChange {

    private final Timetables timetables;
    private final Conclusions conclusions;
    private final Admissions admissions;

    PolicyChange(Timetables timetables, Conclusions conclusions, Admissions admissions) {
        this.timetables = timetables;
        this.conclusions = conclusions;
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
                Instant reached = known == null ? start : Moment.later(start, known.through());
                known = new Cursor(Moment.later(reached, ledger.concluded.getOrDefault(plan.name(), start)), null);
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

    /** A slot that waited for its turn is concluded even if its schedule goes away. */
    private void abandonWaiting(Ledger ledger, Map<String, Cursor> kept, Moment moment) {
        ledger.inForce().ifPresent(policy -> {
            for (Plan plan : timetables.of(policy).plans()) {
                Instant waiting = Cursor.waitingAt(ledger.cursors.get(plan.name()));
                if (waiting != null && Cursor.waitingAt(kept.get(plan.name())) == null) {
                    String reason = "the policy was changed while the slot waited";
                    conclusions.conclude(policy, plan, waiting, SlotOutcome.SUPERSEDED, reason, moment);
                }
            }
        });
    }
}
