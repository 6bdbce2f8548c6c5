package dev.holdfast.runner.publish;

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
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/** The log, on Kafka. */
public final class KafkaFacts implements Facts {

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
        UUID eventId = signature.newEventId();
        RequestHead head = outcome.head();
        Spool.Waiting fact = new Spool.Waiting(
                eventId, events.concluded(outcome, eventId), causeOf(head), Optional.of(head.source()));
        spool.keep(fact);
        send(fact);
        remember(fact);
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
            Optional<UUID> requestId = Envelope.of(fact.event()).requestId();
            boolean written = requestId
                    .flatMap(memory::ending)
                    .filter(ending -> ending.eventId().equals(fact.eventId()))
                    .isPresent();
            if (written) {
                spool.done(fact.eventId());
            } else {
                send(fact);
            }
        }
    }

    /** Tells the memory of the facts that wait, so that nothing is run for them again. */
    public void recallWaiting() {
        spool.waiting().forEach(this::remember);
    }

    private void remember(Spool.Waiting fact) {
        Instant now = signature.now();
        Optional<UUID> requestId = Envelope.of(fact.event()).requestId();
        boolean repetition =
                fact.event() instanceof BackupRejected rejected && rejected.getRejection() == RejectionReason.DUPLICATE;
        if (repetition) {
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
