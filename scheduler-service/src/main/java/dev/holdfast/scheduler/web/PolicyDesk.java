package dev.holdfast.scheduler.web;

import dev.holdfast.events.Pause;
import dev.holdfast.events.Policy;
import dev.holdfast.scheduler.policy.PolicyBook;
import dev.holdfast.scheduler.policy.PolicyDraft;
import dev.holdfast.scheduler.policy.PolicyPen;
import dev.holdfast.scheduler.policy.PolicyVersions;
import dev.holdfast.scheduler.slot.SlotPreview;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes policies, one at a time over all copies, and waits until the change can be read back. */
final class PolicyDesk {

    private static final Duration READ_BACK = Duration.ofSeconds(10);
    private static final Duration MOST_PAUSE = Duration.ofMillis(200);
    private static final int MOST_SLOTS = 1_000;

    private final PolicyBook book;
    private final PolicyVersions versions;
    private final PolicyPen pen;
    private final Conditions conditions;
    private final BooleanSupplier ready;
    private final Clock clock;

    PolicyDesk(
            PolicyBook book,
            PolicyVersions versions,
            PolicyPen pen,
            Conditions conditions,
            BooleanSupplier ready,
            Clock clock) {
        this.book = book;
        this.versions = versions;
        this.pen = pen;
        this.conditions = conditions;
        this.ready = ready;
        this.clock = clock;
    }

    /** A version, and whether it is, or in a dry run would be, new. */
    record Applied(Policy policy, boolean changed) {}

    synchronized Applied apply(PolicyDraft draft, PolicyVersions.Author author, boolean dryRun) {
        requireReady();
        Supplier<Optional<PolicyVersions.Change>> decision = () -> {
            conditions.check(draft.stanza(), book.inForce(draft.stanza()));
            return versions.apply(book.latest(draft.stanza()), draft, author);
        };
        Optional<PolicyVersions.Change> change = dryRun ? decision.get() : change(decision);
        return new Applied(
                change.map(PolicyVersions.Change::policy)
                        .or(() -> book.latest(draft.stanza()))
                        .orElseThrow(),
                change.isPresent());
    }

    synchronized void remove(String stanza, PolicyVersions.Author author) {
        requireReady();
        change(() -> {
            Policy policy = checked(stanza);
            return versions.remove(Optional.of(policy), author);
        });
    }

    synchronized Policy pause(String stanza, @Nullable Instant until, PolicyVersions.Author author) {
        if (until != null && !until.isAfter(clock.instant())) {
            throw new InvalidRequestException(List.of(Map.of("field", "until", "message", until + " has passed")));
        }
        requireReady();
        return change(() -> versions.pause(Optional.of(checked(stanza)), until, author))
                .map(PolicyVersions.Change::policy)
                .orElseThrow();
    }

    synchronized Policy resume(String stanza, PolicyVersions.Author author) {
        requireReady();
        return change(() -> versions.resume(Optional.of(checked(stanza)), author))
                .map(PolicyVersions.Change::policy)
                .orElseGet(() -> inForce(stanza));
    }

    /** The policy in force, if the caller's conditions are met. */
    private Policy checked(String stanza) {
        Optional<Policy> policy = book.inForce(stanza);
        conditions.check(stanza, policy);
        return policy.orElseThrow(() -> new NoSuchPolicyException(stanza));
    }

    /** Decides on what every copy has written by now, and writes that; decides anew if another copy was quicker. */
    private Optional<PolicyVersions.Change> change(Supplier<Optional<PolicyVersions.Change>> decision) {
        long end = System.nanoTime() + READ_BACK.toNanos();
        while (System.nanoTime() - end < 0) {
            pen.take();
            Optional<PolicyVersions.Change> change = decision.get();
            if (change.isEmpty() || pen.write(change.get())) {
                change.map(PolicyVersions.Change::policy).ifPresent(this::readBack);
                return change;
            }
            // two copies that take turns at once would not come to write
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_PAUSE.toNanos()));
        }
        throw new NotReadyException(
                "other copies of the scheduler have changed policies all the time for %s; nothing is changed, try again"
                        .formatted(READ_BACK));
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

    private void readBack(Policy policy) {
        try {
            if (!book.await(policy.getStanza(), policy.getVersion(), READ_BACK)) {
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
