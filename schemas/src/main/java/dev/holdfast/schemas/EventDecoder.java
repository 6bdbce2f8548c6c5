package dev.holdfast.schemas;

import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

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

    /** Bytes that are no event of any version; {@code reason} says why, for people. */
    public record Unreadable(String reason) implements Decoded {}

    private final Deserializer<?> deserializer;

    /** A decoder with the deserializer that the connection names. */
    public EventDecoder(KafkaConnection connection) {
        this.deserializer = instance(connection.deserializerClass());
        deserializer.configure(connection.serde(), false);
    }

    /**
     * Decodes one value.
     *
     * @param topic the topic that it came from
     * @param value its bytes; null for a tombstone, which the contract does not have
     */
    public Decoded decode(String topic, byte @Nullable [] value) {
        if (value == null) {
            return new Unreadable("the record has no value");
        }
        try {
            return switch (deserializer.deserialize(topic, value)) {
                case SpecificRecord event when EventType.of(event.getSchema()).isPresent() -> new Event(event);
                case GenericRecord unknown -> new UnknownType(unknown);
                case null -> new Unreadable("the value decodes to nothing");
                default -> new Unreadable("the value is not an Avro record of Holdfast");
            };
        } catch (SerializationException e) {
            return new Unreadable(reasonOf(e));
        }
    }

    @Override
    public void close() {
        deserializer.close();
    }

    private static String reasonOf(SerializationException e) {
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
