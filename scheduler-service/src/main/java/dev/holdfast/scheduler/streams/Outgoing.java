package dev.holdfast.scheduler.streams;

import org.jspecify.annotations.Nullable;

/**
 * A record on its way out of a processor.
 *
 * @param topic where it goes
 * @param value its bytes; null where a dead letter had none
 */
record Outgoing(String topic, byte @Nullable [] value) {

    /** The way to the stanzas' task, instead of a topic of the contract. */
    static final String TO_STANZA = "";

    boolean isForStanza() {
        return topic.equals(TO_STANZA);
    }
}
