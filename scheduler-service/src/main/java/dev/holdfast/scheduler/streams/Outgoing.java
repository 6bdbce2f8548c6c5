package dev.holdfast.scheduler.streams;

import org.jspecify.annotations.Nullable;

/** A record's topic and bytes on their way out of a processor. */
final class Outgoing {

    /** The way to the stanzas' task, instead of a topic of the contract. */
    private static final String TO_STANZA = "";

    private final String topic;
    private final byte @Nullable [] value;

    /** To a topic; {@code value} is null only for a dead letter that had none. */
    Outgoing(String topic, byte @Nullable [] value) {
        this.topic = topic;
        this.value = value;
    }

    static Outgoing toStanza(byte[] value) {
        return new Outgoing(TO_STANZA, value);
    }

    String topic() {
        return topic;
    }

    byte @Nullable [] value() {
        return value;
    }

    boolean isForStanza() {
        return topic.equals(TO_STANZA);
    }
}
