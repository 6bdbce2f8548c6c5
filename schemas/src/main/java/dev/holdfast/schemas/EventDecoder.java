package dev.holdfast.schemas;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.avro.generic.GenericRecord;
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

    private static final Logger LOGGER = LoggerFactory.getLogger(EventDecoder.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

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
            return new Unreadable("the record has no value");
        }
        while (true) {
            try {
                return judged(topic, deserializer.deserialize(topic, value));
            } catch (SerializationException | RetriableException e) {
                if (!isTroubleOnTheWay(e)) {
                    return new Unreadable(reasonOf(e));
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
            default -> new Unreadable("the value is not an Avro record of Holdfast");
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
