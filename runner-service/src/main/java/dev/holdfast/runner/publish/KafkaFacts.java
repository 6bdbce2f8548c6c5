package dev.holdfast.runner.publish;

import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.runner.backup.BackupOutcome;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.Ending;
import dev.holdfast.runner.backup.Facts;
import dev.holdfast.runner.backup.Progress;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RequestMemory;
import dev.holdfast.runner.backup.RunPlan;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.Ids;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log, on Kafka. */
public final class KafkaFacts implements Facts {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaFacts.class);

    private final FactLog log;
    private final BackupFacts events;
    private final Signature signature;
    private final RequestMemory memory;
    private final Spool spool;

    /**
     * @param memory is told of an ending at once, without the detour over the log
     * @param spool folder for facts that are not in the log yet
     */
    public KafkaFacts(FactLog log, Signature signature, RequestMemory memory, Path spool) {
        this.log = log;
        this.signature = signature;
        this.events = new BackupFacts(signature);
        this.memory = memory;
        this.spool = new Spool(spool);
    }

    @Override
    public Position started(BackupRequest request, int attempt, UUID eventId, RunPlan plan)
            throws InterruptedException {
        SpecificRecord event = events.started(request, attempt, eventId, plan);
        return log.send(
                event, causeOf(request.head()), Optional.of(request.head().source()));
    }

    @Override
    public void concluded(BackupOutcome outcome) throws InterruptedException {
        RequestHead head = outcome.head();
        UUID eventId = idOf(outcome);
        Spool.Waiting fact = new Spool.Waiting(
                eventId, events.concluded(outcome, eventId), causeOf(head), Optional.of(head.source()));
        keep(fact);
        send(fact);
        remember(fact);
    }

    /**
     * A record is refused under one id, whoever does it: runners of two pools that refuse the same one at the same moment
     * say one thing, and a consumer counts it once.
     */
    private UUID idOf(BackupOutcome outcome) {
        RequestHead head = outcome.head();
        return outcome instanceof BackupOutcome.Rejected
                ? Ids.derived(
                        "rejected", head.requestId().toString(), head.source().text())
                : signature.newEventId();
    }

    /** A full disk keeps no fact from the log; only a crash before it is there would then lose it. */
    private void keep(Spool.Waiting fact) {
        try {
            spool.keep(fact);
        } catch (UncheckedIOException e) {
            LOGGER.atError()
                    .addKeyValue("eventId", fact.eventId())
                    .setCause(e)
                    .log("a fact could not be kept on disk before it is sent");
        }
    }

    @Override
    public void progressed(BackupRequest request, int attempt, Progress progress) {
        log.offer(events.progressed(request, attempt, progress), causeOf(request.head()));
    }

    /**
     * Writes what an earlier life of this runner could not, and leaves out what it could. Call it when the memory has
     * read the log to its end.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void catchUp() throws InterruptedException {
        for (Spool.Waiting fact : spool.waiting()) {
            if (isSettled(fact)) {
                spool.done(fact.eventId());
            } else {
                send(fact);
                remember(fact);
            }
        }
    }

    /** True if the log has this fact, or shows that the request ended or went on without it while this runner was away. */
    private boolean isSettled(Spool.Waiting fact) {
        Optional<UUID> requestId = Envelope.of(fact.event()).requestId();
        return isRepetition(fact)
                ? requestId
                        .flatMap(id -> fact.source().filter(place -> memory.isRefusedRepetition(id, place)))
                        .isPresent()
                : requestId.flatMap(memory::ending).isPresent() || isTriedAgain(fact);
    }

    /** A failure says nothing any more once another runner has claimed the next attempt. */
    private boolean isTriedAgain(Spool.Waiting fact) {
        return fact.event() instanceof BackupFailed failed
                && memory.lastClaim(failed.getRequestId())
                        .filter(claim -> claim.attempt() > failed.getAttempt())
                        .isPresent();
    }

    private static boolean isRepetition(Spool.Waiting fact) {
        return fact.event() instanceof BackupRejected rejected && rejected.getRejection() == RejectionReason.DUPLICATE;
    }

    private void remember(Spool.Waiting fact) {
        Instant now = signature.now();
        Optional<UUID> requestId = Envelope.of(fact.event()).requestId();
        if (isRepetition(fact)) {
            requestId.ifPresent(id -> fact.source().ifPresent(place -> memory.repeated(id, place, now)));
        } else {
            String word = fact.event().getSchema().getName();
            requestId.ifPresent(id -> memory.ended(new Ending(id, fact.eventId(), word, fact.source()), now));
        }
    }

    private void send(Spool.Waiting fact) throws InterruptedException {
        log.send(fact.event(), fact.causation(), fact.source());
        spool.done(fact.eventId());
    }

    private static Causation causeOf(RequestHead head) {
        return new Causation(Optional.of(head.eventId()), head.traceparent());
    }
}
