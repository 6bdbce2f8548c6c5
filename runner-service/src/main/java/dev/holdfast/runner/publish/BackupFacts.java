package dev.holdfast.runner.publish;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupOutcome;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.BackupSet;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.Progress;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RunPlan;
import java.util.Arrays;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Turns what happened to a request into events. */
final class BackupFacts {

    private static final int MESSAGE_LIMIT = 4000;

    private final Signature signature;

    BackupFacts(Signature signature) {
        this.signature = signature;
    }

    BackupStarted started(BackupRequest request, int attempt, UUID eventId, RunPlan plan) {
        return BackupStarted.newBuilder()
                .setEventId(eventId)
                .setOccurredAt(signature.now())
                .setStanza(request.stanza())
                .setRequestId(request.id())
                .setProducer(signature.producer())
                .setRunner(signature.instance())
                .setPool(signature.pool())
                .setAttempt(attempt)
                .setRequestedType(typeOf(request.kind()))
                .setRepository(repositoryOf(request))
                .setPgbackrestVersion(plan.toolVersion())
                .setSystemId(plan.systemId().orElse(null))
                .setArgumentDigest(plan.argumentDigest())
                .setConfigurationHash(plan.configurationHash())
                .build();
    }

    SpecificRecord concluded(BackupOutcome outcome, UUID eventId) {
        return switch (outcome) {
            case BackupOutcome.Completed completed -> completed(completed, eventId);
            case BackupOutcome.Failed failed -> failed(failed, eventId);
            case BackupOutcome.Rejected rejected -> rejected(rejected, eventId);
        };
    }

    BackupProgressed progressed(BackupRequest request, int attempt, Progress progress) {
        return BackupProgressed.newBuilder()
                .setEventId(signature.newEventId())
                .setOccurredAt(signature.now())
                .setStanza(request.stanza())
                .setRequestId(request.id())
                .setProducer(signature.producer())
                .setAttempt(attempt)
                .setPercent(progress.percent().isPresent() ? progress.percent().getAsDouble() : null)
                .setBytesDone(
                        progress.bytesDone().isPresent() ? progress.bytesDone().getAsLong() : null)
                .setBytesTotal(
                        progress.bytesTotal().isPresent()
                                ? progress.bytesTotal().getAsLong()
                                : null)
                .setPhase(progress.phase())
                .build();
    }

    private BackupCompleted completed(BackupOutcome.Completed completed, UUID eventId) {
        BackupRequest request = completed.request();
        BackupSet set = completed.set();
        BackupCompleted.Builder event = BackupCompleted.newBuilder()
                .setEventId(eventId)
                .setOccurredAt(signature.now())
                .setStanza(request.stanza())
                .setRequestId(request.id())
                .setProducer(signature.producer())
                .setAttempt(completed.attempt())
                .setRequestedType(typeOf(request.kind()))
                .setTypeChangeReason(completed.typeChangeReason().orElse(null))
                .setCompression(completed.compression().orElse(null))
                .setRecovered(completed.recovered())
                .setPgbackrestMillis(
                        completed.toolMillis().isPresent()
                                ? completed.toolMillis().getAsLong()
                                : null)
                .setRequestedBy(requesterOf(request.head()))
                .setOrigin(originOf(request.head()))
                .setReason(request.head().reason())
                .setLabels(request.labels())
                .setProofWanted(request.proofWanted());
        return withSet(event, set).build();
    }

    private static BackupCompleted.Builder withSet(BackupCompleted.Builder event, BackupSet set) {
        return event.setLabel(set.label())
                .setEffectiveType(typeOf(set.kind()))
                .setPrior(set.prior())
                .setReferences(set.references())
                .setStartedAt(set.startedAt())
                .setFinishedAt(set.finishedAt())
                .setWalStart(set.wal().start())
                .setWalStop(set.wal().stop())
                .setLsnStart(set.wal().lsnStart())
                .setLsnStop(set.wal().lsnStop())
                .setTimeline(set.wal().timeline().orElse(null))
                .setStatus(statusOf(set))
                .setDamagedFiles(set.damagedFiles())
                .setDatabaseBytes(set.sizes().database())
                .setDeltaBytes(set.sizes().delta())
                .setRepositoryBytes(set.sizes().repository())
                .setRepositoryDeltaBytes(set.sizes().repositoryDelta())
                .setRepository(set.repository())
                .setPostgresqlVersion(set.postgresqlVersion())
                .setSystemId(set.systemId())
                .setEncryption(set.encryption())
                .setPgbackrestVersion(set.toolVersion());
    }

    private BackupFailed failed(BackupOutcome.Failed failed, UUID eventId) {
        BackupRequest request = failed.request();
        Failure failure = failed.failure();
        return BackupFailed.newBuilder()
                .setEventId(eventId)
                .setOccurredAt(signature.now())
                .setStanza(request.stanza())
                .setRequestId(request.id())
                .setProducer(signature.producer())
                .setAttempt(failed.attempt())
                .setRequestedType(typeOf(request.kind()))
                .setStartedAt(failed.startedAt().orElse(null))
                .setExitCode(failure.exitCode().isPresent() ? failure.exitCode().getAsInt() : null)
                .setErrorName(failure.errorName().orElse(null))
                .setCategory(FailureCategory.valueOf(failure.category().name()))
                .setMessage(bounded(failure.message()))
                .setLogTail(failure.logTail())
                .setHint(failure.hint())
                .setRequestedBy(requesterOf(request.head()))
                .setOrigin(originOf(request.head()))
                .setReason(request.head().reason())
                .setCheck(failed.check().map(Checks::eventOf).orElse(null))
                .build();
    }

    private BackupRejected rejected(BackupOutcome.Rejected rejected, UUID eventId) {
        RequestHead head = rejected.head();
        return BackupRejected.newBuilder()
                .setEventId(eventId)
                .setOccurredAt(signature.now())
                .setStanza(head.stanza())
                .setRequestId(head.requestId())
                .setProducer(signature.producer())
                .setRejection(RejectionReason.valueOf(rejected.rejection().name()))
                .setDetail(bounded(rejected.detail()))
                .setRequestedBy(requesterOf(head))
                .setOrigin(originOf(head))
                .build();
    }

    /** The contract's word for what pgBackRest says of the pages. */
    static BackupStatus statusOf(BackupSet set) {
        return Boolean.TRUE.equals(set.damaged()) || !set.damagedFiles().isEmpty()
                ? BackupStatus.COMPLETE_WITH_ERRORS
                : BackupStatus.COMPLETE;
    }

    /** The contract's word for a kind. */
    static BackupType typeOf(BackupKind kind) {
        return BackupType.valueOf(kind.name());
    }

    private static @Nullable Integer repositoryOf(BackupRequest request) {
        return request.repository().isPresent() ? request.repository().getAsInt() : null;
    }

    private static Requester requesterOf(RequestHead head) {
        return Requester.newBuilder()
                .setPrincipal(bounded(head.principal()))
                .setEstablished(wordOf(PrincipalSource.values(), head.established(), PrincipalSource.UNKNOWN))
                .build();
    }

    private static RequestOrigin originOf(RequestHead head) {
        return wordOf(RequestOrigin.values(), head.origin(), RequestOrigin.UNKNOWN);
    }

    private static <E extends Enum<E>> E wordOf(E[] words, String name, E otherwise) {
        return Arrays.stream(words)
                .filter(word -> word.name().equals(name))
                .findFirst()
                .orElse(otherwise);
    }

    static String bounded(String text) {
        return text.length() <= MESSAGE_LIMIT ? text : text.substring(0, MESSAGE_LIMIT) + "…";
    }
}
