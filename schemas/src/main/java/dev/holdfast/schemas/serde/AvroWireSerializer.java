package dev.holdfast.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes Avro records in Confluent's wire format. Understands the keys of {@link SerdeSettings}. */
public final class AvroWireSerializer implements Serializer<GenericRecord> {

    static final byte MAGIC = 0;

    /** A generated class, which has one schema, on a topic. */
    private record Written(String topic, Class<?> type) {}

    /** What the registry has answered: it would find a schema again only by comparing all of it. */
    private final Map<Written, Integer> ids = new ConcurrentHashMap<>();

    private final Map<Schema, Schema> wireSchemas = new ConcurrentHashMap<>();
    private final Map<Class<?>, DatumWriter<GenericRecord>> writers = new ConcurrentHashMap<>();
    private @Nullable SerdeSettings settings;
    private @Nullable RegistryClient registry;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroWireSerializer() {
        TrustedClasses.install();
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        settings = SerdeSettings.of(configuration);
        registry = RegistryClient.of(configuration);
    }

    /**
     * @throws SerializationException if the record does not fit its schema or the registry refuses it
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable GenericRecord record) {
        if (record == null) {
            return null;
        }
        int id = idOf(topic, record);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream prefix = new DataOutputStream(bytes)) {
            prefix.writeByte(MAGIC);
            prefix.writeInt(id);
            prefix.flush();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
            writerFor(record).write(record, encoder);
            encoder.flush();
            return bytes.toByteArray();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "cannot write a %s to %s".formatted(record.getSchema().getFullName(), topic), e);
        }
    }

    private int idOf(String topic, GenericRecord record) {
        return record instanceof SpecificRecord
                ? ids.computeIfAbsent(new Written(topic, record.getClass()), written -> idOf(topic, record.getSchema()))
                : idOf(topic, record.getSchema());
    }

    private int idOf(String topic, Schema schema) {
        SerdeSettings known = configured(settings);
        RegistryClient client = configured(registry);
        Schema wire = known.removeJavaProperties() ? wireSchemas.computeIfAbsent(schema, WireSchema::of) : schema;
        String subject = known.subject(topic, schema);
        return known.autoRegister() ? client.register(subject, wire) : client.idOf(subject, wire);
    }

    private DatumWriter<GenericRecord> writerFor(GenericRecord record) {
        return record instanceof SpecificRecord
                ? writers.computeIfAbsent(
                        record.getClass(),
                        type -> new SpecificDatumWriter<>(record.getSchema(), SpecificData.getForClass(type)))
                : new GenericDatumWriter<>(record.getSchema());
    }

    private static <T> T configured(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("configure() was not called");
        }
        return value;
    }
}
