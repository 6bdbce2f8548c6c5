package dev.holdfast.schemas;

import dev.holdfast.schemas.serde.AvroWireDeserializer;
import dev.holdfast.schemas.serde.FieldsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a record's bytes into an event, and says so as a value where it can't: one bad record must not stop a lane.
 *
 * <p>A registry that cannot be reached is no fault of the record: the deserializer then waits until it can.
 * Not safe for use by several threads.
 */
public final class EventDecoder implements AutoCloseable {

    /** What a record turned out to be. */
    public sealed interface Decoded {}

    /** An event of this contract. */
    public record Event(SpecificRecord event) implements Decoded {}

    /** A record of a type that this version does not know: keep it, or pass over it. */
    public record UnknownType(GenericRecord event) implements Decoded {}

    /** Bytes that are no event of any version, or an event on another's topic; {@code reason} says why, for people. */
    public record Unreadable(String reason) implements Decoded {}

    /**
     * What a {@link FieldsReader} made of a record.
     *
     * @param <T> what it makes
     */
    public sealed interface Fields<T> {

        /** All fields were read. */
        record Read<T>(T result) implements Fields<T> {}

        /** Bytes that are no record, or that the reader refused; {@code reason} says why, for people. */
        record Refused<T>(String reason) implements Fields<T> {}
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(EventDecoder.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String NO_VALUE = "the record has no value";
    private static final String NOT_A_RECORD = "the value is not an Avro record of Holdfast";

    private final Deserializer<?> deserializer;

    /** A decoder with the deserializer that the connection names. */
    public EventDecoder(KafkaConnection connection) {
        this.deserializer = instance(connection.deserializerClass());
        deserializer.configure(connection.serde(), false);
    }

    /**
     * Decodes one value. Throws nothing on account of the value.
     *
     * @param topic the topic that it came from
     * @param value its bytes; null for a tombstone, which the contract does not have
     * @throws InterruptException if the thread is interrupted while it waits for the registry
     */
    public Decoded decode(String topic, byte @Nullable [] value) {
        if (value == null) {
            return new Unreadable(NO_VALUE);
        }
        return patiently(topic, () -> judged(topic, deserializer.deserialize(topic, value)), Unreadable::new);
    }

    /**
     * Lets a reader make something of one value's fields, with the writer's own schema: several times as fast as an object that has them all. Throws
     * nothing on account of the value.
     *
     * @param topic the topic that it came from
     * @param value its bytes; null for a tombstone, which the contract does not have
     * @param reader may be called again where the registry did not answer
     * @throws InterruptException if the thread is interrupted while it waits for the registry
     */
    public <T> Fields<T> read(String topic, byte @Nullable [] value, FieldsReader<T> reader) {
        return value == null ? new Fields.Refused<>(NO_VALUE) : readPresent(topic, value, reader);
    }

    private <T> Fields<T> readPresent(String topic, byte[] value, FieldsReader<T> reader) {
        return patiently(topic, () -> new Fields.Read<>(fields(topic, value, reader)), Fields.Refused::new);
    }

    private <T> T fields(String topic, byte[] value, FieldsReader<T> reader) {
        return deserializer instanceof AvroWireDeserializer ours
                ? ours.read(value, reader)
                : ofObject(deserializer.deserialize(topic, value), reader);
    }

    /** Another's deserializer gives objects alone: their fields are written once more. */
    private static <T> T ofObject(@Nullable Object value, FieldsReader<T> reader) {
        if (!(value instanceof GenericRecord record)) {
            throw new SerializationException(NOT_A_RECORD);
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
            return reader.read(record.getSchema(), DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "the fields of a %s cannot be read"
                            .formatted(record.getSchema().getFullName()),
                    e);
        }
    }

    /** Waits for the registry, and for nothing else. */
    private static <T> T patiently(String topic, Supplier<T> attempt, Function<String, T> unreadable) {
        while (true) {
            try {
                return attempt.get();
            } catch (SerializationException | RetriableException e) {
                if (!isTroubleOnTheWay(e)) {
                    return unreadable.apply(reasonOf(e));
                }
                LOGGER.warn(
                        "cannot ask the schema registry about a record of {} ({}); waiting for it", topic, reasonOf(e));
                pause();
            }
        }
    }

    private static Decoded judged(String topic, @Nullable Object value) {
        return switch (value) {
            case SpecificRecord event when EventType.of(event.getSchema()).isPresent() -> onItsTopic(topic, event);
            case GenericRecord unknown -> new UnknownType(unknown);
            case null -> new Unreadable("the value decodes to nothing");
            default -> new Unreadable(NOT_A_RECORD);
        };
    }

    /** Who may write what is a matter of the topic, so an event counts only on its own. */
    private static Decoded onItsTopic(String topic, SpecificRecord event) {
        EventType type = EventType.of(event);
        Optional<Topic> found = Topic.named(topic);
        if (found.isPresent() && found.get() != type.topic()) {
            return new Unreadable("a %s counts on %s only, and this one lay on %s"
                    .formatted(type.shortName(), type.topic().wireName(), topic));
        }
        return new Event(event);
    }

    @Override
    public void close() {
        deserializer.close();
    }

    /** Our deserializer waits by itself; Confluent's gives up with what its connection threw. */
    private static boolean isTroubleOnTheWay(KafkaException e) {
        return e instanceof RetriableException
                || e.getCause() instanceof SocketException
                || e.getCause() instanceof InterruptedIOException
                || e.getCause() instanceof UnknownHostException
                || e.getCause() instanceof HttpTimeoutException
                || e.getCause() instanceof SSLException;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static String reasonOf(KafkaException e) {
        String cause = e.getCause() == null ? "" : ": " + e.getCause();
        return e.getMessage() + cause;
    }

    private static Deserializer<?> instance(String className) {
        try {
            return Utils.newInstance(className, Deserializer.class);
        } catch (ClassNotFoundException e) {
            throw new ConfigException(
                    "value.deserializer", className, "the class is not on the class path; add its jar to lib/");
        }
    }
}
