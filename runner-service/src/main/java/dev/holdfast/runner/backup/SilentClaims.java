package dev.holdfast.runner.backup;

import dev.holdfast.runner.backup.BackupOutcome.Completed;
import dev.holdfast.runner.backup.BackupOutcome.Failed;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a claim whose runner gives no sign of life any more. */
final class SilentClaims {

    private static final Logger LOGGER = LoggerFactory.getLogger(SilentClaims.class);

    private final RequestMemory memory;
    private final BackupEngine engine;
    private final ServingTerms terms;
    private final Clock clock;

    SilentClaims(RequestMemory memory, BackupEngine engine, ServingTerms terms, Clock clock) {
        this.memory = memory;
        this.engine = engine;
        this.terms = terms;
        this.clock = clock;
    }

    /** What is to be done about a claim. */
    sealed interface Decision {}

    /** Nothing yet. */
    record Wait() implements Decision {}

    /** Its request has ended. */
    record Conclude(BackupOutcome outcome) implements Decision {}

    /** Its request is run again, as this attempt. */
    record TakeOver(int attempt) implements Decision {}

    /** True if nothing has been read of the request's last claim for too long. */
    boolean isSilent(BackupRequest request) {
        Claim last = memory.lastClaim(request.id()).orElseThrow();
        Instant sign = memory.lastSign(request.id()).orElse(last.at());
        return clock.instant().isAfter(sign.plus(terms.silence()));
    }

    /**
     * Asks the repository and the cluster. Call it only for a claim that is silent in a log that has been read to its end.
     *
     * @param since when the claim was first asked about
     * @throws InterruptedException if the runner stops meanwhile
     */
    Decision decide(BackupRequest request, Instant since) throws InterruptedException {
        Claim last = memory.lastClaim(request.id()).orElseThrow();
        Instant now = clock.instant();
        boolean patient = now.isBefore(since.plus(terms.silence()).plus(terms.lockWait()));
        boolean runsElsewhere = engine.showsRunningBackup(request.stanza());
        return switch (engine.find(request)) {
            case Lookup.Found found -> new Conclude(recovered(request, last, found.set()));
            case Lookup.Unknown unknown when patient -> new Wait();
            case Lookup.Unknown unknown -> new Conclude(lost(request, last, unknown.reason()));
            // perhaps the very run, its runner cut off from Kafka; two backups at the same time would spoil each other
            case Lookup.Absent absent
            when runsElsewhere && now.isBefore(since.plus(terms.timeLimitOf(request.stanza()))) -> new Wait();
            case Lookup.Absent absent when runsElsewhere -> new Conclude(occupied(request, last, since));
            case Lookup.Absent absent
            when last.attempt() >= ServingTerms.MAX_ATTEMPTS ->
                new Conclude(lost(request, last, "its run was lost too often"));
            case Lookup.Absent absent -> takenOver(request, last);
        };
    }

    private static TakeOver takenOver(BackupRequest request, Claim last) {
        LOGGER.atWarn()
                .addKeyValue("requestId", request.id())
                .addKeyValue("stanza", request.stanza())
                .addKeyValue("runner", last.runner())
                .log("taking over a claim whose run has ended without a trace");
        return new TakeOver(last.attempt() + 1);
    }

    private Completed recovered(BackupRequest request, Claim last, BackupSet set) {
        Optional<String> typeChange = set.kind() == request.kind()
                ? Optional.empty()
                : Optional.of("pgBackRest found no usable prior backup for %s; its log was lost"
                        .formatted(request.kind().word()));
        return new Completed(
                request, last.attempt(), set, typeChange, engine.compressionOf(request), true, OptionalLong.empty());
    }

    private static Failed lost(BackupRequest request, Claim last, String reason) {
        Failure failure = Failure.of(
                Category.RETRYABLE,
                "the run of runner '%s' was lost and what became of it cannot be found out: %s"
                        .formatted(last.runner(), reason),
                "See that the repository can be read (pgbackrest info), then request the backup again.");
        return new Failed(request, last.attempt(), Optional.empty(), failure);
    }

    private static Failed occupied(BackupRequest request, Claim last, Instant since) {
        Failure failure = Failure.of(
                Category.CONFLICT,
                "the run of runner '%s' gives no sign of life, but PostgreSQL has shown a session of a running backup since %s"
                        .formatted(last.runner(), since),
                "Find the backup that runs (pg_stat_activity, application_name 'pgBackRest [backup]') and end it or let it end, then request the backup again.");
        return new Failed(request, last.attempt(), Optional.empty(), failure);
    }
}
