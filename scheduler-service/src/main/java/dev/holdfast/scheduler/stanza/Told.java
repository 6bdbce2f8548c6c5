package dev.holdfast.scheduler.stanza;

/** What the gate was told of a request. */
public enum Told {
    WAITING,
    TAKEN
}
