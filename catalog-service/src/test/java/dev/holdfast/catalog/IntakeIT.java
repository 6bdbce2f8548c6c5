package dev.holdfast.catalog;

import static dev.holdfast.catalog.SharedCatalog.KAFKA;
import static dev.holdfast.catalog.SharedCatalog.STORY;
import static dev.holdfast.catalog.SharedCatalog.caughtUp;
import static dev.holdfast.catalog.SharedCatalog.randomText;
import static dev.holdfast.catalog.SharedCatalog.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the catalog takes in: duplicates, poison, values that no database takes, and what comes from the future. */
class IntakeIT {

    private final EventLog log = SharedCatalog.log();
    private final RunningCatalog catalog = SharedCatalog.catalog();

    @Test
    void whatIsPublishedTwiceCountsOnce() {
        String before = caughtUp().path("sha256").asString();

        STORY.events().forEach(log::publish);
        String after = caughtUp().path("sha256").asString();

        assertThat(after).isEqualTo(before);
    }

    @Test
    void aPoisonRecordGoesToTheDeadLettersAndTheProjectionGoesOn() {
        byte[] garbage = "not an event".getBytes(StandardCharsets.UTF_8);
        log.publishRaw(Topic.BACKUP_EVENTS, "poisoned", garbage);
        UUID later = UUID.randomUUID();
        log.publish(Events.backupFailed("poisoned", later).build());

        ConsumerRecord<byte[], byte[]> letter = log.awaitDeadLetter(
                Topic.BACKUP_EVENTS,
                record -> List.of(new String(record.value(), StandardCharsets.UTF_8))
                        .contains("not an event"));
        caughtUp();

        assertThat(new String(letter.headers().lastHeader("holdfast-dlt-reason").value(), StandardCharsets.UTF_8))
                .contains("does not begin with a zero byte");
        assertThat(stateOf(later)).isEqualTo("FAILED");
    }

    @Test
    void aValueThatTheDatabaseRefusesIsSingledOut() {
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();
        log.publish(Events.backupFailed("unfit", before).build());
        // an index row has a limit of its own
        log.publish(Events.backupCompleted("unfit", UUID.randomUUID())
                .setLabel(randomText(20_000))
                .build());
        log.publish(Events.backupFailed("unfit", after).build());

        log.awaitDeadLetter(
                Topic.BACKUP_EVENTS,
                record -> new String(
                                record.headers()
                                        .lastHeader("holdfast-dlt-reason")
                                        .value(),
                                StandardCharsets.UTF_8)
                        .contains("PostgreSQL refuses a value"));
        caughtUp();

        assertThat(stateOf(before)).isEqualTo("FAILED");
        assertThat(stateOf(after)).isEqualTo("FAILED");
    }

    @Test
    void unreadableRequestsAreLeftToTheScheduler() {
        log.publishRaw(Topic.BACKUP_REQUESTS, "poisoned", new byte[] {1, 2, 3});
        caughtUp();

        assertThat(log.deadLetters(Topic.BACKUP_REQUESTS)).isEmpty();
    }

    @Test
    void anEventOfATypeFromTheFutureIsKeptAsItIs() {
        Schema schema = SchemaBuilder.record("BackupReplicated")
                .namespace("dev.holdfast.events")
                .fields()
                .requiredString("eventId")
                .requiredString("stanza")
                .requiredString("bucket")
                .endRecord();
        String id = UUID.randomUUID().toString();
        var event = new GenericRecordBuilder(schema)
                .set("eventId", id)
                .set("stanza", "future")
                .set("bucket", "s3://elsewhere")
                .build();
        publishTo(Topic.BACKUP_EVENTS, event);
        caughtUp();

        JsonNode kept = catalog.json("/api/v1/events?type=BackupReplicated")
                .path("items")
                .get(0);
        assertThat(kept.path("eventId").asString()).isEqualTo(id);
        assertThat(kept.path("known").asBoolean()).isFalse();
        assertThat(kept.path("event").path("bucket").asString()).isEqualTo("s3://elsewhere");
    }

    /** Publishes anything anywhere. */
    private static void publishTo(Topic topic, GenericRecord record) {
        try (KafkaProducer<String, Object> producer = new KafkaProducer<>(KAFKA.producer("anybody"))) {
            producer.send(new ProducerRecord<>(topic.wireName(), "anything", record))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("not published", e);
        }
    }

    @Test
    void aFactOnATopicOfRequestsIsNotBelieved() {
        UUID forged = UUID.randomUUID();
        publishTo(
                Topic.BACKUP_REQUESTS, Events.backupCompleted("forged", forged).build());
        caughtUp();

        assertThat(catalog.get("/api/v1/requests/" + forged).statusCode()).isEqualTo(404);
        assertThat(catalog.get("/api/v1/stanzas/forged").statusCode()).isEqualTo(404);
        assertThat(catalog.json("/api/v1/events?stanza=forged").path("items")).hasSize(1);
    }
}
