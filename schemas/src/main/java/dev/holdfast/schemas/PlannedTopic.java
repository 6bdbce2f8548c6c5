package dev.holdfast.schemas;

import java.util.Map;

/**
 * One topic of the contract as a broker has it, and as it is made where it is missing.
 *
 * @param name its name
 * @param partitions the number it is made with
 * @param settings the settings it is made with
 * @param state how it is there
 * @param problem what is wrong and what to do; empty unless it is {@link State#WRONG}
 */
public record PlannedTopic(String name, int partitions, Map<String, String> settings, State state, String problem) {

    /** How a topic is there. */
    public enum State {
        /** As it must be; nothing is changed. */
        THERE,
        /** It would be made. */
        MISSING,
        /** It is there and cannot serve; somebody must decide. */
        WRONG
    }

    /** Copies the settings. */
    public PlannedTopic {
        settings = Map.copyOf(settings);
    }

    static PlannedTopic missing(String name, int partitions, Map<String, String> settings) {
        return new PlannedTopic(name, partitions, settings, State.MISSING, "");
    }

    PlannedTopic there() {
        return new PlannedTopic(name, partitions, settings, State.THERE, "");
    }

    PlannedTopic wrong(String found) {
        return new PlannedTopic(name, partitions, settings, State.WRONG, found);
    }
}
