package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.scheduler.slot.Plan;
import java.time.Instant;

/** Concludes slots that nothing is asked for. */
final class Conclusions {

    private final Facts facts;

    Conclusions(Facts facts) {
        this.facts = facts;
    }

    /** A slot of a schedule ends without a request. */
    void conclude(Policy policy, Plan plan, Instant at, SlotOutcome outcome, String reason, Moment moment) {
        var slot = new Facts.Slot(policy, plan.name(), at, RequestOrigin.SCHEDULE);
        moment.outbox().add(facts.concluded(plan, slot, outcome, reason, moment.now()));
    }

    /** A slot waited for its turn for as long as it might: until its policy's patience ended. */
    void missed(Policy policy, Plan plan, Instant at, Moment moment) {
        String reason = "it waited for its turn until " + endOfPatience(policy, at);
        conclude(policy, plan, at, SlotOutcome.MISSED, reason, moment);
    }

    /** Until when a slot may wait for its turn. */
    static Instant endOfPatience(Policy policy, Instant at) {
        return at.plusSeconds(Facts.patience(policy));
    }
}
