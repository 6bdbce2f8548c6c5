package dev.holdfast.schemas.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in Confluent's wire format, into generated classes where there is one for the record's name (and
 * {@code specific.avro.reader} is true), else into generic records. Waits for a registry that cannot be reached.
 */
public final class AvroWireDeserializer implements Deserializer<GenericRecord> {

    private static final int PREFIX_BYTES = 5;

    private final Map<Integer, DatumReader<GenericRecord>> readers = new ConcurrentHashMap<>();
    private @Nullable RegistryClient registry;
    private boolean specific;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroWireDeserializer() {
        TrustedClasses.install();
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        registry = RegistryClient.of(configuration);
        specific = SerdeSettings.of(configuration).specificReader();
    }

    /**
     * @throws SerializationException if the bytes are not Avro with a schema that the registry knows
     */
    @Override
    public @Nullable GenericRecord deserialize(String topic, byte @Nullable [] bytes) {
        return bytes == null ? null : whole(bytes, (id, body) -> reader(id).read(null, body));
    }

    /**
     * Lets somebody else read the fields, without an object for each of them.
     *
     * @param fields has to read all of them
     * @throws SerializationException if the bytes are not Avro with a schema that the registry knows, or the reader throws
     */
    public <T> T read(byte[] bytes, FieldsReader<T> fields) {
        return whole(bytes, (id, body) -> fields.read(writer(id), body));
    }

    private static <T> T whole(byte[] bytes, Body<T> body) {
        int id = idOf(bytes);
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES, null);
        T record;
        boolean complete;
        try {
            record = body.read(id, decoder);
            complete = decoder.isEnd();
        } catch (SerializationException | InterruptException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // the stack overflows on a record that nests itself without end
            throw new SerializationException("the value is not a record of schema " + id, e);
        }
        if (!complete) {
            throw new SerializationException("bytes are left over after a record of schema " + id);
        }
        return record;
    }

    /** What follows the schema's id. */
    @FunctionalInterface
    private interface Body<T> {
        T read(int schemaId, BinaryDecoder body) throws IOException;
    }

    private static int idOf(byte[] bytes) {
        if (bytes.length < PREFIX_BYTES || bytes[0] != AvroWireSerializer.MAGIC) {
            throw new SerializationException(
                    "the value does not begin with a zero byte and a schema id (%d bytes)".formatted(bytes.length));
        }
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        if (id <= 0) {
            throw new SerializationException("the value names the schema %d, and ids begin with 1".formatted(id));
        }
        return id;
    }

    private DatumReader<GenericRecord> reader(int id) {
        DatumReader<GenericRecord> reader = readers.get(id);
        if (reader == null) {
            reader = readerOf(writer(id));
            readers.put(id, reader);
        }
        return reader;
    }

    private Schema writer(int id) {
        if (registry == null) {
            throw new IllegalStateException("configure() was not called");
        }
        Schema writer = registry.byId(id);
        if (writer.getType() != Schema.Type.RECORD) {
            throw new SerializationException("schema %s is not a record".formatted(writer.getFullName()));
        }
        return writer;
    }

    private DatumReader<GenericRecord> readerOf(Schema writer) {
        Class<?> type = specific ? generatedClass(writer) : null;
        if (type == null) {
            return new GenericDatumReader<>(writer);
        }
        SpecificData model = SpecificData.getForClass(type);
        return new SpecificDatumReader<>(writer, model.getSchema(type), model);
    }

    private static @Nullable Class<?> generatedClass(Schema writer) {
        Class<?> type = SpecificData.get().getClass(writer);
        return type != null && SpecificRecord.class.isAssignableFrom(type) ? type : null;
    }
}
