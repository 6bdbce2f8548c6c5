package dev.holdfast.testsupport.outside;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Asks for backups and proofs as a foreign program does: the schema comes from the registry, the record is built field
 * by field, and its bytes are framed by hand.
 */
public final class PlainProducer implements AutoCloseable {

    public static final String BACKUP_REQUESTS = "holdfast.backup.requests";
    public static final String RESTORE_TEST_REQUESTS = "holdfast.restore-test.requests";

    private final SchemaRegistry registry;
    private final KafkaProducer<byte[], byte[]> kafka;

    public PlainProducer(String bootstrapServers, SchemaRegistry registry) {
        this.registry = registry;
        this.kafka = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Publishes a request for a full backup. */
    public UUID requestBackup(String stanza) {
        return requestBackup(stanza, request -> {});
    }

    /** Publishes a request for a full backup, changed as the caller likes. */
    public UUID requestBackup(String stanza, Consumer<GenericRecord> change) {
        return requestBackup(stanza, Partitioning.JAVA, change);
    }

    /** Publishes a request for a full backup to the partition that a certain client would choose. */
    public UUID requestBackup(String stanza, Partitioning partitioning, Consumer<GenericRecord> change) {
        UUID requestId = UUID.randomUUID();
        publishBackupRequest(requestId, stanza, partitioning, change);
        return requestId;
    }

    /** Publishes a request with a given id: the same id twice is the same request. */
    public void publishBackupRequest(
            UUID requestId, String stanza, Partitioning partitioning, Consumer<GenericRecord> change) {
        GenericRecord request = envelope(BACKUP_REQUESTS, "BackupRequested", stanza, requestId);
        request.put("type", symbol(request, "type", "FULL"));
        change.accept(request);
        send(partitioning.record(BACKUP_REQUESTS, stanza, framed(BACKUP_REQUESTS, request)));
    }

    /**
     * Publishes a request for a restore test.
     *
     * @param label the backup to restore
     * @param target what to aim at, such as {@code BACKUP_END} or {@code LATEST}
     * @return the test's id, which is the request's too
     */
    public UUID requestRestoreTest(String stanza, String label, String target) {
        UUID testId = UUID.randomUUID();
        GenericRecord request = envelope(RESTORE_TEST_REQUESTS, "RestoreTestRequested", stanza, testId);
        request.put("testId", testId.toString());
        request.put("backupLabel", label);
        GenericRecord aim =
                new GenericData.Record(request.getSchema().getField("target").schema());
        aim.put("kind", symbol(aim, "kind", target));
        request.put("target", aim);
        send(Partitioning.JAVA.record(RESTORE_TEST_REQUESTS, stanza, framed(RESTORE_TEST_REQUESTS, request)));
        return testId;
    }

    /** Publishes bytes as they are, under the stanza's key. */
    public RecordMetadata publishBytes(String topic, String stanza, byte[] value) {
        return send(Partitioning.JAVA.record(topic, stanza, value));
    }

    /** A symbol of the enum that a field holds. */
    public static GenericData.EnumSymbol symbol(GenericRecord of, String field, String symbol) {
        return new GenericData.EnumSymbol(of.getSchema().getField(field).schema(), symbol);
    }

    @Override
    public void close() {
        kafka.close();
    }

    /** Every field that has a default gets it; the others what an honest client would write. */
    private GenericRecord envelope(String topic, String type, String stanza, UUID requestId) {
        GenericRecord event =
                new GenericData.Record(registry.latest(subject(topic, type)).schema());
        event.getSchema().getFields().stream()
                .filter(field -> field.hasDefaultValue())
                .forEach(field -> event.put(field.pos(), GenericData.get().getDefaultValue(field)));
        event.put("eventId", UUID.randomUUID().toString());
        event.put("occurredAt", micros(Instant.now()));
        event.put("stanza", stanza);
        event.put("requestId", requestId.toString());
        event.put("producer", producer(event));
        event.put("requestedBy", requester(event));
        event.put("reason", "a story");
        return event;
    }

    private static GenericRecord producer(GenericRecord event) {
        GenericRecord producer =
                new GenericData.Record(event.getSchema().getField("producer").schema());
        producer.put("service", "billing");
        producer.put("instance", "billing-1");
        producer.put("version", "1");
        return producer;
    }

    private static GenericRecord requester(GenericRecord event) {
        GenericRecord requester =
                new GenericData.Record(event.getSchema().getField("requestedBy").schema());
        requester.put("principal", "billing");
        requester.put("established", symbol(requester, "established", "KAFKA_CLIENT_ASSERTED"));
        return requester;
    }

    /** An instant as the contract writes it. */
    public static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private byte[] framed(String topic, GenericRecord event) {
        int id = registry.latest(subject(topic, event.getSchema().getName())).id();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static String subject(String topic, String type) {
        return topic + "-dev.holdfast.events." + type;
    }

    private RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        try {
            return kafka.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refused the record", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing", e);
        }
    }
}
