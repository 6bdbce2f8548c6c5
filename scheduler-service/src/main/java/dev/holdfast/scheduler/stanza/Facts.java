package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.BreachCause;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.ObjectiveBreached;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.ObjectiveMet;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.ProofCoverageObserved;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RequestUnserved;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.RestoreTestSchedule;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.TargetKind;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.scheduler.slot.Plan;
import dev.holdfast.schemas.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the events that the scheduler writes about a stanza. */
public final class Facts {

    private static final long DEFAULT_PATIENCE_SECONDS = 86_400;

    private final Producer producer;

    /** Events in this producer's name. */
    public Facts(Producer producer) {
        this.producer = producer;
    }

    BackupRequested backup(Plan.Backup plan, Slot slot, BackupType type, Instant now) {
        Policy policy = slot.policy();
        BackupRequested.Builder request = BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(policy.getStanza())
                .setRequestId(slot.requestId())
                .setProducer(producer)
                .setType(type)
                .setOrigin(slot.origin())
                .setRequestedBy(scheduler(policy))
                .setReason(reason(plan, policy))
                .setSchedule(plan.name())
                .setSlot(slot.at())
                .setNotAfter(notAfter(slot, now));
        plan.schedule().getRepository().ifPresent(request::setRepository);
        policy.getDefinition().getPool().ifPresent(request::setPool);
        return request.build();
    }

    RestoreTestRequested test(Plan.Test plan, Slot slot, Instant now) {
        Policy policy = slot.policy();
        return RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(policy.getStanza())
                .setRequestId(slot.requestId())
                .setProducer(producer)
                .setTestId(Ids.derived(slot.requestId().toString(), plan.name()))
                .setSelection(plan.schedule().getSelect())
                .setTarget(target(plan.schedule().getTarget()))
                .setOrigin(slot.origin())
                .setRequestedBy(scheduler(policy))
                .setReason(reason(plan, policy))
                .setSchedule(plan.name())
                .setSlot(slot.at())
                .setNotAfter(notAfter(slot, now))
                .build();
    }

    /** The proof that a policy's schedule wants after a backup. */
    RestoreTestRequested testAfter(BackupCompleted backup, RestoreTestSchedule schedule, Policy policy, Instant now) {
        return testOf(backup, schedule.getName(), now)
                .setTarget(target(schedule.getTarget()))
                .setOrigin(RequestOrigin.SCHEDULE)
                .setRequestedBy(scheduler(policy))
                .setReason("restore test %s of policy version %d follows backup %s"
                        .formatted(schedule.getName(), policy.getVersion(), backup.getLabel()))
                .setSchedule(schedule.getName())
                .setNotAfter(now.plusSeconds(patience(policy)))
                .build();
    }

    /** The proof that the requester of a backup wished for. */
    RestoreTestRequested testWished(BackupCompleted backup, Instant now) {
        return testOf(backup, "after-completion", now)
                .setTarget(target(TargetKind.BACKUP_END))
                .setOrigin(backup.getOrigin())
                .setRequestedBy(
                        backup.getRequestedBy().orElseGet(() -> new Requester("unknown", PrincipalSource.UNKNOWN)))
                .setReason("proof asked for with backup %s%s"
                        .formatted(backup.getLabel(), backup.getReason().isEmpty() ? "" : ": " + backup.getReason()))
                .setNotAfter(now.plusSeconds(DEFAULT_PATIENCE_SECONDS))
                .build();
    }

    private RestoreTestRequested.Builder testOf(BackupCompleted backup, String schedule, Instant now) {
        return RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(backup.getStanza())
                .setRequestId(backup.getRequestId())
                .setProducer(producer)
                .setTestId(Ids.derived(backup.getRequestId().toString(), schedule))
                .setRepository(backup.getRepository())
                .setBackupLabel(backup.getLabel());
    }

    BackupRequested retry(BackupRequested failed, UUID first, Instant now, Instant notAfter) {
        int attempt = failed.getAttempt() + 1;
        return BackupRequested.newBuilder(failed)
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setRequestId(retryId(first, attempt))
                .setProducer(producer)
                .setOrigin(RequestOrigin.RETRY)
                .setAttempt(attempt)
                .setRetryOf(first)
                .setNotAfter(notAfter)
                .build();
    }

    /** The same request, made now. */
    BackupRequested again(BackupRequested request, Instant now) {
        return BackupRequested.newBuilder(request)
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .build();
    }

    /** As above. */
    RestoreTestRequested again(RestoreTestRequested request, Instant now) {
        return RestoreTestRequested.newBuilder(request)
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .build();
    }

    /** The same conclusion, made now. */
    SlotConcluded again(SlotConcluded conclusion, Instant now) {
        return SlotConcluded.newBuilder(conclusion)
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .build();
    }

    /** The slot of a request that was to be made and was not. */
    SlotConcluded unrequested(SlotConcluded conclusion, SlotOutcome outcome, String reason, Instant now) {
        return SlotConcluded.newBuilder(again(conclusion, now))
                .setOutcome(outcome)
                .setReason(reason)
                .setRequestId(null)
                .setRequestedType(null)
                .build();
    }

    /** A request without a slot that waited for a free place for too long. */
    RequestUnserved neverLetIn(String stanza, Queued queued, String reason, Instant now) {
        Tracked request = Tracked.unread(queued.id(), queued.requestId(), queued.kind(), now);
        return unserved(stanza, request, UnservedReason.NOT_STARTED_IN_TIME, reason, now);
    }

    /** The wish that a retry stops, because its first request was cancelled. */
    CancelRequested cancel(BackupRequested retry, UUID first, Instant now) {
        return CancelRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(retry.getStanza())
                .setRequestId(retry.getRequestId())
                .setProducer(producer)
                .setRequestedBy(new Requester("scheduler", PrincipalSource.SCHEDULER))
                .setReason("request %s, which it tries again, was cancelled".formatted(first))
                .build();
    }

    static UUID retryId(UUID first, int attempt) {
        return Ids.derived("retry", first.toString(), String.valueOf(attempt));
    }

    SlotConcluded concluded(Plan plan, Slot slot, SlotOutcome outcome, String reason, Instant now) {
        return conclusion(plan, slot, outcome, reason, now).build();
    }

    private SlotConcluded.Builder conclusion(Plan plan, Slot slot, SlotOutcome outcome, String reason, Instant now) {
        return SlotConcluded.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(slot.policy().getStanza())
                .setProducer(producer)
                .setSchedule(plan.name())
                .setKind(plan.kind())
                .setSlot(slot.at())
                .setOutcome(outcome)
                .setReason(reason)
                .setPolicyDigest(slot.policy().getDigest());
    }

    /** The same with the request that was made. */
    SlotConcluded requested(
            Plan plan,
            Slot slot,
            SlotOutcome outcome,
            String reason,
            UUID requestId,
            @Nullable BackupType type,
            Instant now) {
        // not copied from one without: a storm makes many of them
        return conclusion(plan, slot, outcome, reason, now)
                .setRequestId(requestId)
                .setRequestedType(type)
                .build();
    }

    /** The end of a slot whose schedule is not there any more, after lost state. */
    SlotConcluded superseded(String stanza, String schedule, Reopened lost, Instant slot, Instant now) {
        return SlotConcluded.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setProducer(producer)
                .setSchedule(schedule)
                .setKind(lost.kind())
                .setSlot(slot)
                .setOutcome(SlotOutcome.SUPERSEDED)
                .setReason("the policy was changed before it was asked for")
                .setPolicyDigest(lost.policyDigest())
                .build();
    }

    RequestUnserved unserved(String stanza, Tracked request, UnservedReason reason, String detail, Instant now) {
        RequestUnserved.Builder fact = RequestUnserved.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setRequestId(request.requestId())
                .setProducer(producer)
                .setKind(request.kind())
                .setUnserved(reason)
                .setDetail(detail);
        if (request.kind() == RequestKind.RESTORE_TEST) {
            fact.setTestId(request.id());
        }
        return fact.build();
    }

    ObjectiveBreached breached(String stanza, ObjectiveKind objective, Measured measured, Instant now) {
        ObjectiveBreached.Builder fact = ObjectiveBreached.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setProducer(producer)
                .setObjective(objective)
                .setSince(measured.since())
                .setLimitSeconds(measured.limit().toSeconds())
                .setDetail(measured.detail())
                .setCauses(measured.causes());
        measured.value().map(Duration::toSeconds).ifPresent(fact::setValueSeconds);
        return fact.build();
    }

    ObjectiveMet met(String stanza, ObjectiveKind objective, Measured measured, Instant now) {
        ObjectiveMet.Builder fact = ObjectiveMet.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setProducer(producer)
                .setObjective(objective)
                .setSince(measured.since())
                .setLimitSeconds(measured.limit().toSeconds())
                .setDetail(measured.detail());
        measured.value().map(Duration::toSeconds).ifPresent(fact::setValueSeconds);
        return fact.build();
    }

    ProofCoverageObserved coverage(String stanza, CoverageWatch.Coverage coverage, Instant now) {
        return ProofCoverageObserved.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(stanza)
                .setProducer(producer)
                .setDays(CoverageWatch.DAYS)
                .setBackupsRetained(coverage.retained())
                .setBackupsProven(coverage.proven())
                .setChainShapesRetained(coverage.shapes())
                .setChainShapesProven(coverage.provenShapes())
                .setWindowMinutes(coverage.minutes())
                .setWindowMinutesProven(coverage.provenMinutes())
                .build();
    }

    /** What an objective comes to: {@code value} is empty if there is nothing to measure yet. */
    record Measured(Instant since, Duration limit, Optional<Duration> value, String detail, List<BreachCause> causes) {}

    /** A slot with the policy that it comes from, and why it is asked for now. */
    record Slot(Policy policy, String schedule, Instant at, RequestOrigin origin) {

        /** The same for the same stanza, schedule and instant, whoever asks and however often. */
        UUID requestId() {
            return Ids.derived(policy.getStanza(), schedule, at.toString());
        }
    }

    private static Instant notAfter(Slot slot, Instant now) {
        Instant basis = slot.origin() == RequestOrigin.CATCH_UP ? now : slot.at();
        return basis.plusSeconds(patience(slot.policy()));
    }

    static long patience(Policy policy) {
        return policy.getDefinition().getNotAfterSeconds().orElse(DEFAULT_PATIENCE_SECONDS);
    }

    private static String reason(Plan plan, Policy policy) {
        // not formatted: a storm makes many of them
        return "schedule " + plan.name() + " of policy version " + policy.getVersion();
    }

    private static RestoreTarget target(TargetKind kind) {
        return RestoreTarget.newBuilder().setKind(kind).build();
    }

    private static Requester scheduler(Policy policy) {
        return new Requester(
                "policy " + policy.getStanza() + ", by " + policy.getChangedBy().getPrincipal(),
                PrincipalSource.SCHEDULER);
    }
}
