package dev.holdfast.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.schemas.serde.WireSchema;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class SecondImplementationIT {

    private final SchemaRegistryProcess registry = SchemaRegistryProcess.shared();
    private final KafkaConnection connection = new KafkaConnection("unused:1", registry.url(), Map.of());
    private final BackupRequested request =
            Events.backupRequested("mcpgov").setRepository(1).build();

    /** Apicurio names subjects by topic alone, so ours is told to do likewise. */
    @Test
    void apicuriosSerializerWritesTheSameBytesAndBothReadEachOthers() {
        Map<String, Object> byTopic = new HashMap<>(connection.serde());
        byTopic.put("value.subject.name.strategy", "TopicNameStrategy");
        try (AvroKafkaSerializer<BackupRequested> theirs = new AvroKafkaSerializer<>();
                AvroKafkaDeserializer<BackupRequested> theirReader = new AvroKafkaDeserializer<>();
                EventDecoder ourReader = new EventDecoder(connection)) {
            theirs.configure(apicurio(), false);
            theirReader.configure(apicurio(), false);

            byte[] ours = Wire.serialized(byTopic, request);
            byte[] other = theirs.serialize(Wire.TOPIC, request);

            assertThat(other).isEqualTo(ours);
            assertThat(ours[0]).isZero();
            assertThat(ByteBuffer.wrap(ours, 1, 4).getInt()).isPositive();
            assertThat(theirReader.deserialize(Wire.TOPIC, ours)).isEqualTo(request);
            assertThat(ourReader.decode(Wire.TOPIC, other)).isEqualTo(new EventDecoder.Event(request));
        }
    }

    @Test
    void aProducerThatHasOnlyTheReleasedSchemaAndConfluentsSettingsIsUnderstood() throws Exception {
        Path released =
                Path.of(System.getProperty("holdfast.root")).resolve("schemas/released/v1/BackupRequested.avsc");
        Schema schema = new Schema.Parser().parse(released.toFile());
        RegistryClient.of(connection.serde())
                .register(EventType.BACKUP_REQUESTED.subject(), WireSchema.of(EventType.BACKUP_REQUESTED.schema()));
        Map<String, Object> plain = Map.of(
                "schema.registry.url", registry.url(),
                "auto.register.schemas", "false",
                "value.subject.name.strategy", "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");

        byte[] bytes = Wire.serialized(plain, foreign(schema));

        try (EventDecoder decoder = new EventDecoder(connection)) {
            assertThat(decoder.decode(Wire.TOPIC, bytes)).isInstanceOfSatisfying(EventDecoder.Event.class, read -> {
                BackupRequested event = (BackupRequested) read.event();
                assertThat(event.getStanza()).isEqualTo("orders");
                assertThat(event.getLabels()).containsEntry("ticket", "OPS-1");
            });
        }
    }

    private static GenericRecord foreign(Schema schema) {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            if (field.hasDefaultValue()) {
                record.put(field.name(), GenericData.get().getDefaultValue(field));
            }
        }
        record.put("eventId", "01a200fc-57b2-7007-80de-69d33ca60f76");
        record.put("occurredAt", 1795312867250417L);
        record.put("stanza", "orders");
        record.put("requestId", "5d7f0f0e-8f0c-5b0e-9a41-0d5c1f6e2b11");
        record.put("producer", foreignProducer(schema.getField("producer").schema()));
        record.put("type", new GenericData.EnumSymbol(schema.getField("type").schema(), "FULL"));
        record.put("requestedBy", requester(schema.getField("requestedBy").schema()));
        record.put("labels", Map.of("ticket", "OPS-1"));
        return record;
    }

    private static GenericRecord foreignProducer(Schema schema) {
        GenericRecord producer = new GenericData.Record(schema);
        producer.put("service", "deploy-pipeline");
        producer.put("instance", "job-17");
        producer.put("version", "");
        return producer;
    }

    private static GenericRecord requester(Schema schema) {
        GenericRecord requester = new GenericData.Record(schema);
        requester.put("principal", "ci");
        requester.put(
                "established",
                new GenericData.EnumSymbol(schema.getField("established").schema(), "KAFKA_CLIENT_ASSERTED"));
        return requester;
    }

    private Map<String, Object> apicurio() {
        return Map.of(
                "apicurio.registry.url", registry.nativeUrl(),
                // else each nested type becomes an artifact of its own, and the id another one
                "apicurio.registry.dereference-schema", "true",
                // the registered schema has no hints for Java, the one of the class has
                "apicurio.registry.find-latest", "true",
                "apicurio.registry.use-specific-avro-reader", "true");
    }
}
