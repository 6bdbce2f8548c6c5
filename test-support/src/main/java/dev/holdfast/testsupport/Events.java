package dev.holdfast.testsupport;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupDiscovered;
import dev.holdfast.events.BackupExpired;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupProgressed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.BackupVanished;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.RepositoryObserved;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestorePointCreated;
import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.schemas.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Events of backups and repositories with sensible values, each as a builder for the test to adapt. Restore tests and
 * policies: {@link ProofEvents}, {@link PolicyEvents}.
 */
public final class Events {

    /** Label of the full backup that the events are about. */
    static final String LABEL = "20261122-020003F";

    static final String SYSTEM_ID = "7712345678901234567";

    private Events() {}

    /** A request for a full backup, made by hand. */
    public static BackupRequested.Builder backupRequested(String stanza) {
        return BackupRequested.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(UUID.randomUUID())
                .setProducer(producer("cli"))
                .setType(BackupType.FULL)
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester())
                .setReason("before the upgrade");
    }

    /** A wish to stop a request. */
    public static CancelRequested.Builder cancelRequested(String stanza, UUID requestId) {
        return CancelRequested.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("cli"))
                .setRequestedBy(requester())
                .setReason("not now");
    }

    /** A runner that lives and serves these stanzas, its pool being its name. */
    public static RunnerAnnounced.Builder runnerAnnounced(String instance, String... stanzas) {
        return RunnerAnnounced.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setProducer(new Producer("runner", instance, "0.1.0"))
                .setService("runner")
                .setPool(instance)
                .setInstance(instance)
                .setStanzas(List.of(stanzas));
    }

    /** The first claim of a request for a full backup. */
    public static BackupStarted.Builder backupStarted(String stanza, UUID requestId) {
        return BackupStarted.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("runner"))
                .setRunner("runner-1")
                .setPool("pool-1")
                .setAttempt(1)
                .setRequestedType(BackupType.FULL)
                .setRepository(1)
                .setPgbackrestVersion("2.45")
                .setSystemId(SYSTEM_ID)
                .setArgumentDigest("a".repeat(64))
                .setConfigurationHash("c".repeat(64));
    }

    /** A sign of life, half-way. */
    public static BackupProgressed.Builder backupProgressed(String stanza, UUID requestId) {
        return BackupProgressed.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("runner"))
                .setAttempt(1)
                .setPercent(50.0)
                .setBytesDone(20_000_000L)
                .setBytesTotal(40_000_000L)
                .setPhase("copying");
    }

    /** A full backup of 40 MB that took ten seconds and ended now. */
    public static BackupCompleted.Builder backupCompleted(String stanza, UUID requestId) {
        Instant finished = now().truncatedTo(ChronoUnit.SECONDS);
        return BackupCompleted.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("runner"))
                .setLabel(LABEL)
                .setRequestedType(BackupType.FULL)
                .setEffectiveType(BackupType.FULL)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished)
                .setWalStart("000000010000000000000004")
                .setWalStop("000000010000000000000005")
                .setLsnStart("0/4000028")
                .setLsnStop("0/5000050")
                .setTimeline(1)
                .setStatus(BackupStatus.COMPLETE)
                .setDatabaseBytes(40_000_000)
                .setDeltaBytes(40_000_000)
                .setRepositoryBytes(5_000_000L)
                .setRepositoryDeltaBytes(5_000_000)
                .setRepository(1)
                .setPostgresqlVersion("15")
                .setSystemId(SYSTEM_ID)
                .setCompression("gz")
                .setPgbackrestVersion("2.45")
                .setPgbackrestMillis(9_876L)
                .setRequestedBy(requester())
                .setOrigin(RequestOrigin.AD_HOC)
                .setReason("before the upgrade");
    }

    /** A backup that failed because PostgreSQL was down. */
    public static BackupFailed.Builder backupFailed(String stanza, UUID requestId) {
        return BackupFailed.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("runner"))
                .setRequestedType(BackupType.FULL)
                .setStartedAt(now().minusSeconds(2))
                .setExitCode(56)
                .setErrorName("db-connect")
                .setCategory(FailureCategory.RETRYABLE)
                .setMessage("unable to find primary cluster - cannot proceed")
                .setHint("Start PostgreSQL.")
                .setRequestedBy(requester())
                .setOrigin(RequestOrigin.AD_HOC);
    }

    /** A request that came too late. */
    public static BackupRejected.Builder backupRejected(String stanza, UUID requestId) {
        return BackupRejected.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setRequestId(requestId)
                .setProducer(producer("runner"))
                .setRejection(RejectionReason.EXPIRED)
                .setDetail("it might have started until an hour ago; ask again")
                .setRequestedBy(requester())
                .setOrigin(RequestOrigin.AD_HOC);
    }

    /** A full backup that somebody made by hand. */
    public static BackupDiscovered.Builder backupDiscovered(String stanza, String label) {
        Instant finished = now().truncatedTo(ChronoUnit.SECONDS);
        return BackupDiscovered.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setProducer(producer("runner"))
                .setLabel(label)
                .setType(BackupType.FULL)
                .setStartedAt(finished.minusSeconds(10))
                .setFinishedAt(finished)
                .setStatus(BackupStatus.COMPLETE)
                .setDatabaseBytes(40_000_000)
                .setRepositoryDeltaBytes(5_000_000)
                .setRepository(1)
                .setPostgresqlVersion("15")
                .setSystemId(SYSTEM_ID)
                .setPgbackrestVersion("2.45");
    }

    /** A backup that retention removed. */
    public static BackupExpired.Builder backupExpired(String stanza, String label) {
        return BackupExpired.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setProducer(producer("runner"))
                .setLabel(label)
                .setRepository(1)
                .setRule("repo1-retention-full=2");
    }

    /** A backup that is gone although nothing removed it. */
    public static BackupVanished.Builder backupVanished(String stanza, String label) {
        return BackupVanished.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setProducer(producer("runner"))
                .setLabel(label)
                .setRepository(1)
                .setDetail("not listed any more");
    }

    /** A healthy repository with one backup. */
    public static RepositoryObserved.Builder repositoryObserved(String stanza) {
        return RepositoryObserved.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setProducer(producer("runner"))
                .setRepository(1)
                .setStatusCode(0)
                .setStatusMessage("ok")
                .setBackups(List.of(LABEL))
                .setArchiveMin("000000010000000000000001")
                .setArchiveMax("000000010000000000000005")
                .setArchiverLagSeconds(3L)
                .setRepositoryBytes(5_000_000L);
    }

    /** A restore point after a backup. */
    public static RestorePointCreated.Builder restorePointCreated(String stanza, String name) {
        return RestorePointCreated.newBuilder()
                .setEventId(newId())
                .setOccurredAt(now())
                .setStanza(stanza)
                .setProducer(producer("runner"))
                .setLabel(LABEL)
                .setName(name)
                .setLsn("0/6000090")
                .setWalSegment("000000010000000000000006")
                .setCreatedAt(now());
    }

    /** A running copy of a service. */
    public static Producer producer(String service) {
        return new Producer(service, service + "-1", "0.1.0");
    }

    /** A person. */
    public static Requester requester() {
        return new Requester("ada", PrincipalSource.KAFKA_CLIENT_ASSERTED);
    }

    static UUID newId() {
        return Ids.newEventId(Instant.now());
    }

    /** Now, to the microsecond that the wire keeps: what is read again equals what was written. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
