package dev.holdfast.scheduler.policy;

import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyChanged;
import dev.holdfast.events.PolicyDefinition;
import dev.holdfast.events.PolicyState;
import dev.holdfast.events.Producer;
import dev.holdfast.events.Requester;
import dev.holdfast.schemas.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides the next version of a stanza's policy, or that nothing changes. */
public final class PolicyVersions {

    private final Clock clock;
    private final Producer producer;

    /** Versions in this producer's name. */
    public PolicyVersions(Clock clock, Producer producer) {
        this.clock = clock;
        this.producer = producer;
    }

    /** A new version: the state for the compacted topic, and the fact that it changed. */
    public record Change(Policy policy, PolicyChanged changed) {}

    /** Who changes it, and why. */
    public record Author(Requester requester, String reason) {}

    /** Puts a draft in force; empty if the same is in force already. */
    public Optional<Change> apply(Optional<Policy> known, PolicyDraft draft, Author author) {
        boolean same = known.filter(policy -> policy.getState() == PolicyState.IN_FORCE)
                .filter(policy -> policy.getDigest().equals(draft.digest()))
                .isPresent();
        if (same) {
            return Optional.empty();
        }
        Pause pause = known.flatMap(Policy::getPause).orElse(null);
        return Optional.of(change(known, draft, PolicyState.IN_FORCE, pause, author));
    }

    /** Puts a policy out of force; empty if none is. */
    public Optional<Change> remove(Optional<Policy> known, Author author) {
        return inForce(known).map(policy -> change(known, draft(policy), PolicyState.REMOVED, null, author));
    }

    /**
     * Pauses a policy.
     *
     * @param until null until somebody resumes it
     */
    public Optional<Change> pause(Optional<Policy> known, @Nullable Instant until, Author author) {
        Instant now = clock.instant();
        Pause pause = Pause.newBuilder()
                .setBy(author.requester())
                .setReason(author.reason())
                .setSince(now)
                .setUntil(until)
                .build();
        return inForce(known).map(policy -> change(known, draft(policy), PolicyState.IN_FORCE, pause, author));
    }

    /** Ends a pause; empty if there is none. */
    public Optional<Change> resume(Optional<Policy> known, Author author) {
        return inForce(known)
                .filter(policy -> policy.getPause().isPresent())
                .map(policy -> change(known, draft(policy), PolicyState.IN_FORCE, null, author));
    }

    private static Optional<Policy> inForce(Optional<Policy> known) {
        return known.filter(policy -> policy.getState() == PolicyState.IN_FORCE);
    }

    private static PolicyDraft draft(Policy policy) {
        return new PolicyDraft(policy.getStanza(), policy.getDefinition());
    }

    private Change change(
            Optional<Policy> known, PolicyDraft draft, PolicyState state, @Nullable Pause pause, Author author) {
        Instant now = clock.instant();
        PolicyDefinition definition = draft.definition();
        Policy policy = Policy.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(draft.stanza())
                .setProducer(producer)
                .setState(state)
                .setVersion(known.map(Policy::getVersion).orElse(0) + 1)
                .setDigest(draft.digest())
                .setDefinition(definition)
                .setPause(pause)
                .setChangedBy(author.requester())
                .setReason(author.reason())
                .build();
        PolicyChanged changed = PolicyChanged.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(draft.stanza())
                .setProducer(producer)
                .setState(state)
                .setVersion(policy.getVersion())
                .setOldDigest(known.map(Policy::getDigest).orElse(null))
                .setNewDigest(policy.getDigest())
                .setDefinition(definition)
                .setPause(pause)
                .setChangedBy(author.requester())
                .setReason(author.reason())
                .build();
        return new Change(policy, changed);
    }
}
