package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupStarted;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.schemas.EventRecords;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PgBackRestRepository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What a test asks of the runners of a stanza, and what it hears of them, over the log. */
interface Conversation {

    /** The stanza that is talked about. */
    String stanza();

    /** All topics. */
    EventLog log();

    /** How the log is reached. */
    KafkaConnection connection();

    /** Where backups of the stanza lie. */
    PgBackRestRepository repository();

    /** A request for a full backup. */
    default BackupRequested.Builder request() {
        return Events.backupRequested(stanza());
    }

    /** Publishes it and gives its id. */
    default UUID publish(SpecificRecord request) {
        log().publish(request);
        return Envelope.of(request).requestId().orElseThrow();
    }

    /** Publishes a request that only one pool may serve. */
    default UUID publishFor(String pool) {
        return publish(request().setPool(pool).build());
    }

    /** Publishes a request by a producer with a clock of its own. */
    default UUID publishAt(Instant recorded) {
        BackupRequested request = request().setOccurredAt(recorded).build();
        ProducerRecord<String, SpecificRecord> record = EventRecords.of(request, Causation.none());
        send(List.of(new ProducerRecord<>(
                record.topic(), null, recorded.toEpochMilli(), record.key(), record.value(), record.headers())));
        return request.getRequestId();
    }

    /** Publishes requests of stanzas that nobody here serves, as fast as Kafka takes them. */
    default void publishForOthers(int number) {
        send(IntStream.range(0, number)
                .mapToObj(each -> EventRecords.of(
                        Events.backupRequested("foreign-" + each % 100).build(), Causation.none()))::iterator);
    }

    /** Writes the request and the claim of a runner that has died since, without a trace on any host. */
    default void claimInTheNameOf(String name, BackupRequested request) {
        RecordMetadata written = log().publish(request);
        ProducerRecord<String, SpecificRecord> claim = EventRecords.of(
                Events.backupStarted(stanza(), request.getRequestId())
                        .setRunner(name)
                        .build(),
                Causation.by(request, new RecordHeaders()));
        String source = new Source(written.partition(), written.offset()).text();
        claim.headers().add(Source.HEADER, source.getBytes(StandardCharsets.UTF_8));
        send(List.of(claim));
    }

    private void send(Iterable<ProducerRecord<String, SpecificRecord>> records) {
        try (var producer =
                new KafkaProducer<String, SpecificRecord>(connection().producer("stage"))) {
            Future<RecordMetadata> last = null;
            for (ProducerRecord<String, SpecificRecord> record : records) {
                last = producer.send(record);
            }
            if (last != null) {
                last.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    default BackupCompleted awaitCompleted(UUID requestId) {
        return log().await(BackupCompleted.class, event -> event.getRequestId().equals(requestId));
    }

    default BackupFailed awaitFailed(UUID requestId) {
        return log().await(BackupFailed.class, event -> event.getRequestId().equals(requestId));
    }

    default BackupRejected awaitRejected(UUID requestId) {
        return log().await(BackupRejected.class, event -> event.getRequestId().equals(requestId));
    }

    default BackupStarted awaitStarted(UUID requestId) {
        return log().await(BackupStarted.class, event -> event.getRequestId().equals(requestId));
    }

    /** The facts that end this request: all but starts and repetitions. */
    default List<SpecificRecord> endingsOf(UUID requestId) {
        return log().events().stream()
                .filter(event ->
                        Envelope.of(event).requestId().filter(requestId::equals).isPresent())
                .filter(event -> event instanceof BackupCompleted
                        || event instanceof BackupFailed
                        || (event instanceof BackupRejected rejected
                                && rejected.getRejection() != RejectionReason.DUPLICATE))
                .toList();
    }

    /**
     * Asserts that each of the requests ended once, with one backup in the repository.
     *
     * @return the completion of the first
     */
    default BackupCompleted assertOneBackup(UUID... requestIds) {
        List<BackupCompleted> completions =
                Stream.of(requestIds).map(this::awaitCompleted).toList();
        // a second fact would be written before a later request of the stanza is answered, in the same lane
        awaitRejected(publish(request().setNotAfter(Instant.EPOCH).build()));
        String info = repository().info();
        for (BackupCompleted completed : completions) {
            UUID id = completed.getRequestId();
            assertThat(endingsOf(id)).as("terminal facts").hasSize(1);
            assertThat(info.split(id.toString(), -1).length - 1)
                    .as("backups of the request in the repository")
                    .isEqualTo(1);
            assertThat(info).contains("\"" + completed.getLabel() + "\"");
        }
        return completions.getFirst();
    }
}
