package dev.holdfast.scheduler.web;

import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.scheduler.policy.PolicyBook;
import dev.holdfast.scheduler.policy.PolicyDraft;
import dev.holdfast.scheduler.policy.PolicyVersions;
import dev.holdfast.scheduler.slot.SlotPreview;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Changes policies, one at a time, and waits until the change can be read back. */
final class PolicyDesk {

    private static final Duration READ_BACK = Duration.ofSeconds(10);
    private static final int MOST_SLOTS = 1_000;

    private final PolicyBook book;
    private final PolicyVersions versions;
    private final Publication publication;
    private final Conditions conditions;
    private final BooleanSupplier ready;
    private final Clock clock;

    PolicyDesk(
            PolicyBook book,
            PolicyVersions versions,
            Publication publication,
            Conditions conditions,
            BooleanSupplier ready,
            Clock clock) {
        this.book = book;
        this.versions = versions;
        this.publication = publication;
        this.conditions = conditions;
        this.ready = ready;
        this.clock = clock;
    }

    /** A version, and whether it is, or in a dry run would be, new. */
    record Applied(Policy policy, boolean changed) {}

    synchronized Applied apply(PolicyDraft draft, PolicyVersions.Author author, boolean dryRun) {
        requireReady();
        conditions.check(draft.stanza(), book.inForce(draft.stanza()));
        Optional<Policy> known = book.latest(draft.stanza());
        Optional<PolicyVersions.Change> change = versions.apply(known, draft, author);
        if (!dryRun) {
            change.ifPresent(this::publish);
        }
        return new Applied(
                change.map(PolicyVersions.Change::policy).or(() -> known).orElseThrow(), change.isPresent());
    }

    synchronized void remove(String stanza, PolicyVersions.Author author) {
        conditions.check(stanza, known(stanza).filter(PolicyDesk::counts));
        publish(versions.remove(known(stanza), author).orElseThrow(() -> new NoSuchPolicyException(stanza)));
    }

    synchronized Policy pause(String stanza, @Nullable Instant until, PolicyVersions.Author author) {
        if (until != null && !until.isAfter(clock.instant())) {
            throw new InvalidRequestException(List.of(Map.of("field", "until", "message", until + " has passed")));
        }
        conditions.check(stanza, known(stanza).filter(PolicyDesk::counts));
        PolicyVersions.Change change =
                versions.pause(known(stanza), until, author).orElseThrow(() -> new NoSuchPolicyException(stanza));
        publish(change);
        return change.policy();
    }

    synchronized Policy resume(String stanza, PolicyVersions.Author author) {
        Policy policy = inForce(stanza);
        conditions.check(stanza, Optional.of(policy));
        Optional<PolicyVersions.Change> change = versions.resume(Optional.of(policy), author);
        change.ifPresent(this::publish);
        return change.map(PolicyVersions.Change::policy).orElse(policy);
    }

    Policy inForce(String stanza) {
        requireReady();
        return book.inForce(stanza).orElseThrow(() -> new NoSuchPolicyException(stanza));
    }

    Map<String, Object> preview(PolicyDraft draft, Optional<Pause> pause, Optional<Instant> from, int count) {
        if (count < 1 || count > MOST_SLOTS) {
            throw new InvalidRequestException(
                    List.of(Map.of("field", "count", "message", "expected 1 to " + MOST_SLOTS)));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("timezone", draft.definition().getTimezone());
        answer.put(
                "items",
                SlotPreview.of(draft.stanza(), draft.definition(), pause, from.orElseGet(clock::instant), count)
                        .stream()
                        .map(slot -> PolicyAnswer.of(draft.stanza(), slot))
                        .toList());
        return answer;
    }

    void requireReady() {
        if (!ready.getAsBoolean()) {
            throw new NotReadyException(
                    "this instance is waiting for Kafka, or has not read all policies yet; see /actuator/health/readiness, and try again");
        }
    }

    private static boolean counts(Policy policy) {
        return policy.getState() == PolicyState.IN_FORCE;
    }

    private Optional<Policy> known(String stanza) {
        requireReady();
        return book.latest(stanza);
    }

    private void publish(PolicyVersions.Change change) {
        publication.change(change);
        Policy policy = change.policy();
        try {
            if (!book.await(policy.getStanza(), policy.getEventId(), READ_BACK)) {
                throw new NotReadyException(
                        "version %d of the policy is written but not read back within %s; GET it before applying another"
                                .formatted(policy.getVersion(), READ_BACK));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReadyException("the scheduler is stopping");
        }
    }
}
