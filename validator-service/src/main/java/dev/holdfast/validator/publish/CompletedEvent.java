package dev.holdfast.validator.publish;

import dev.holdfast.events.Check;
import dev.holdfast.events.CheckOutcome;
import dev.holdfast.events.Isolation;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.TargetReached;
import dev.holdfast.events.TrustRung;
import dev.holdfast.events.Verdict;
import dev.holdfast.schemas.Ids;
import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.evidence.Evidence;
import dev.holdfast.validator.proof.Backup;
import dev.holdfast.validator.proof.Inside;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reached;
import dev.holdfast.validator.proof.SandboxFacts;
import dev.holdfast.validator.proof.Sha256;
import dev.holdfast.validator.proof.WalSegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Makes the event of a verdict from a report. */
final class CompletedEvent {

    private final Evidence evidence;
    private final KafkaJournal.Writer writer;

    CompletedEvent(Evidence evidence, KafkaJournal.Writer writer) {
        this.evidence = evidence;
        this.writer = writer;
    }

    RestoreTestCompleted of(TestRequest request, int attempt, ProofReport report, Instant now) {
        String envelope = evidence.of(request, attempt, report);
        RestoreTestCompleted.Builder event = RestoreTestCompleted.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(request.stanza())
                .setRequestId(request.requestId())
                .setProducer(writer.producer())
                .setTestId(request.testId())
                .setAttempt(attempt)
                .setVerdict(Verdict.valueOf(report.conclusion().verdict().name()))
                .setReasonCode(report.conclusion().reason().name())
                .setReason(report.conclusion().message())
                .setRung(TrustRung.valueOf(report.rung().name()))
                .setTarget(KafkaJournal.target(request))
                .setChecks(report.checks().stream().map(CompletedEvent::check).toList())
                .setStartedAt(micros(report.startedAt()))
                .setFinishedAt(micros(report.finishedAt()))
                .setEvidence(envelope)
                .setEvidenceSha256(Sha256.hex(envelope.getBytes(StandardCharsets.UTF_8)))
                .setRequestedBy(new Requester(
                        request.asked().principal(),
                        PrincipalSource.valueOf(request.asked().established())))
                .setOrigin(RequestOrigin.valueOf(request.asked().origin()));
        backup(event, request, report);
        measured(event, report);
        sandbox(event, report);
        return event.build();
    }

    private static void backup(RestoreTestCompleted.Builder event, TestRequest request, ProofReport report) {
        event.setLabel(report.backup()
                .map(Backup::label)
                .or(() -> request.asked().label())
                .orElse(null));
        event.setRepository(report.backup()
                .map(Backup::repository)
                .orElse(orNull(request.asked().repository())));
        event.setChain(report.backup().map(Backup::chain).orElse(List.of()));
        event.setChainShape(report.backup().map(Backup::chainShape).orElse(""));
        event.setReached(report.reached().map(CompletedEvent::reached).orElse(null));
    }

    private static void measured(RestoreTestCompleted.Builder event, ProofReport report) {
        boolean restored = report.timings().restore().isPresent();
        event.setBytesRestored(restored ? report.backup().map(Backup::bytes).orElse(null) : null);
        event.setFetchMillis(millis(report.timings().fetch()));
        event.setRestoreMillis(millis(report.timings().restore()));
        event.setReplayMillis(millis(report.timings().replay()));
        event.setReadyMillis(millis(report.timings().ready()));
        event.setDataLossSeconds(report.content()
                .loss()
                .map(loss -> (Long) loss.lost().toSeconds())
                .orElse(null));
        event.setPostgresqlVersion(report.versions().postgresql().orElse(null));
        event.setPgbackrestVersion(report.versions().pgbackrest().orElse(null));
    }

    private void sandbox(RestoreTestCompleted.Builder event, ProofReport report) {
        event.setSandbox(report.sandbox().map(SandboxFacts::kind).orElse(writer.sandbox()));
        event.setImageDigest(report.sandbox().flatMap(SandboxFacts::imageDigest).orElse(null));
        event.setIsolation(report.sandbox()
                .flatMap(facts -> facts.inside().map(inside -> isolation(facts, inside)))
                .orElse(null));
    }

    private static Isolation isolation(SandboxFacts facts, Inside inside) {
        return Isolation.newBuilder()
                .setNetwork(facts.network() + " (" + String.join(", ", inside.interfaces()) + ")")
                .setMounts(inside.mounts())
                .setUser(inside.user())
                .setReadOnlyRoot(inside.readOnlyRoot())
                .setCapabilities(inside.capabilities().matches("0+") ? "none" : inside.capabilities())
                .setNoNewPrivileges(inside.noNewPrivileges())
                .setLimits(facts.limits())
                .build();
    }

    private static Check check(dev.holdfast.validator.proof.Check check) {
        return new Check(
                check.name(),
                CheckOutcome.valueOf(check.outcome().name()),
                check.took().toMillis(),
                check.detail());
    }

    private static TargetReached reached(Reached point) {
        return TargetReached.newBuilder()
                .setLsn(point.lsn().map(Lsn::toString).orElse(null))
                .setLastCommitAt(point.lastCommit().map(CompletedEvent::micros).orElse(null))
                .setTimeline(
                        point.timeline().isPresent()
                                ? (Integer) point.timeline().getAsInt()
                                : null)
                .setRestorePoint(point.restorePoint().orElse(null))
                .setLastSegment(point.lastSegment().map(WalSegment::toString).orElse(null))
                .build();
    }

    private static @Nullable Integer orNull(OptionalInt number) {
        return number.isPresent() ? (Integer) number.getAsInt() : null;
    }

    private static @Nullable Long millis(Optional<Duration> took) {
        return took.map(Duration::toMillis).orElse(null);
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
