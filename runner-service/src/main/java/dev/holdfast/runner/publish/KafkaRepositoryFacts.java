package dev.holdfast.runner.publish;

import dev.holdfast.events.ArchiverState;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.RecoverableWindow;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.WalGap;
import dev.holdfast.runner.backup.BackupSet;
import dev.holdfast.runner.backup.StanzaCheck;
import dev.holdfast.runner.repository.Archiver;
import dev.holdfast.runner.repository.Observation;
import dev.holdfast.runner.repository.RecoveryWindow;
import dev.holdfast.runner.repository.RepositoryFacts;
import dev.holdfast.runner.repository.RestorePoint;
import dev.holdfast.runner.repository.WalHole;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Ids;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * What happens in repositories, on Kafka. What is found by comparing has the same event id whenever it is found again, so
 * that a consumer counts it once.
 */
public final class KafkaRepositoryFacts implements RepositoryFacts {

    private final FactLog log;
    private final Signature signature;
    private final Duration looksAgain;
    private final Function<String, Optional<StanzaCheck>> lastCheck;

    /**
     * Facts of this runner.
     *
     * @param looksAgain how long after one look at a repository the next follows
     * @param lastCheck what a stanza's last check found
     */
    public KafkaRepositoryFacts(
            FactLog log, Signature signature, Duration looksAgain, Function<String, Optional<StanzaCheck>> lastCheck) {
        this.log = log;
        this.signature = signature;
        this.looksAgain = looksAgain;
        this.lastCheck = lastCheck;
    }

    @Override
    public void discovered(String stanza, BackupSet set) throws InterruptedException {
        send(BackupDiscovered.newBuilder()
                .setEventId(idOf("discovered", stanza, set.repository(), set.label()))
                .setOccurredAt(signature.now())
                .setStanza(stanza)
                .setProducer(signature.producer())
                .setLabel(set.label())
                .setType(BackupFacts.typeOf(set.kind()))
                .setPrior(set.prior())
                .setReferences(set.references())
                .setStartedAt(set.startedAt())
                .setFinishedAt(set.finishedAt())
                .setWalStart(set.wal().start())
                .setWalStop(set.wal().stop())
                .setLsnStart(set.wal().lsnStart())
                .setLsnStop(set.wal().lsnStop())
                .setStatus(BackupFacts.statusOf(set))
                .setDamagedFiles(set.damagedFiles())
                .setDatabaseBytes(set.sizes().database())
                .setRepositoryBytes(set.sizes().repository())
                .setRepositoryDeltaBytes(set.sizes().repositoryDelta())
                .setRepository(set.repository())
                .setPostgresqlVersion(set.postgresqlVersion())
                .setSystemId(set.systemId())
                .setPgbackrestVersion(set.toolVersion())
                .setAnnotations(set.annotations())
                .build());
    }

    @Override
    public void expired(String stanza, int repository, String label, Optional<UUID> requestId, String rule)
            throws InterruptedException {
        send(BackupExpired.newBuilder()
                .setEventId(idOf("expired", stanza, repository, label))
                .setOccurredAt(signature.now())
                .setStanza(stanza)
                .setRequestId(requestId.orElse(null))
                .setProducer(signature.producer())
                .setLabel(label)
                .setRepository(repository)
                .setRule(rule)
                .build());
    }

    @Override
    public void vanished(String stanza, int repository, String label, Optional<UUID> requestId, String detail)
            throws InterruptedException {
        send(BackupVanished.newBuilder()
                .setEventId(idOf("vanished", stanza, repository, label))
                .setOccurredAt(signature.now())
                .setStanza(stanza)
                .setRequestId(requestId.orElse(null))
                .setProducer(signature.producer())
                .setLabel(label)
                .setRepository(repository)
                .setDetail(detail)
                .build());
    }

    @Override
    public void observed(String stanza, Observation observation) throws InterruptedException {
        send(RepositoryObserved.newBuilder()
                .setEventId(signature.newEventId())
                .setOccurredAt(signature.now())
                .setStanza(stanza)
                .setProducer(signature.producer())
                .setRepository(observation.repository())
                .setStatusCode(observation.status().code())
                .setStatusMessage(observation.status().message())
                .setBackups(observation.labels())
                .setArchiveMin(observation.archiveMin().orElse(null))
                .setArchiveMax(observation.archiveMax().orElse(null))
                .setGaps(observation.walk().holes().stream()
                        .map(KafkaRepositoryFacts::gapOf)
                        .toList())
                .setForeignTimelines(observation.foreignTimelines())
                .setWindows(observation.windows().stream()
                        .map(KafkaRepositoryFacts::windowOf)
                        .toList())
                .setRetention(observation.retention())
                .setArchiverLagSeconds(
                        observation.lag().map(Duration::toSeconds).orElse(null))
                .setRepositoryBytes(observation.bytes().orElse(null))
                .setLooksAgainSeconds(looksAgain.toSeconds())
                .setArchiver(observation
                        .archiver()
                        .map(KafkaRepositoryFacts::stateOf)
                        .orElse(null))
                .setCheck(lastCheck.apply(stanza).map(Checks::eventOf).orElse(null))
                .build());
    }

    @Override
    public void restorePoint(String stanza, RestorePoint point, Optional<String> label, Optional<UUID> requestId)
            throws InterruptedException {
        send(RestorePointCreated.newBuilder()
                .setEventId(signature.newEventId())
                .setOccurredAt(signature.now())
                .setStanza(stanza)
                .setRequestId(requestId.orElse(null))
                .setProducer(signature.producer())
                .setLabel(label.orElse(null))
                .setName(point.name())
                .setLsn(point.lsn())
                .setWalSegment(point.segment())
                .setCreatedAt(point.createdAt())
                .build());
    }

    private void send(SpecificRecord event) throws InterruptedException {
        log.send(event, Causation.none(), Optional.empty());
    }

    private static UUID idOf(String what, String stanza, int repository, String label) {
        return Ids.derived(what, stanza, String.valueOf(repository), label);
    }

    private static WalGap gapOf(WalHole hole) {
        return new WalGap(hole.archiveId(), hole.timeline(), hole.first(), hole.last(), hole.segments());
    }

    private static ArchiverState stateOf(Archiver archiver) {
        return ArchiverState.newBuilder()
                .setArchived(archiver.archived())
                .setLastArchived(
                        archiver.lastArchived().map(Archiver.Attempt::file).orElse(null))
                .setLastArchivedAt(
                        archiver.lastArchived().map(Archiver.Attempt::at).orElse(null))
                .setFailed(archiver.failed())
                .setLastFailed(archiver.lastFailed().map(Archiver.Attempt::file).orElse(null))
                .setLastFailedAt(archiver.lastFailed().map(Archiver.Attempt::at).orElse(null))
                .setFailing(archiver.isFailing())
                .build();
    }

    private static RecoverableWindow windowOf(RecoveryWindow window) {
        return RecoverableWindow.newBuilder()
                .setFrom(window.from())
                .setTo(window.to())
                .setBackupLabel(window.label())
                .setWalFrom(window.wal().first())
                .setWalTo(window.wal().last())
                .setTimeline(window.wal().timeline())
                .build();
    }
}
