package dev.holdfast.validator.proof;

import java.util.Optional;

/** What the restored cluster says to an assertion's question. */
public sealed interface Reply {

    /** An answer; empty for SQL's NULL. */
    record Value(Optional<String> value) implements Reply {}

    /** What the question is about is not there, or cannot be read: {@code why} in PostgreSQL's words. */
    record Lacking(String why) implements Reply {}

    /** The question could not be asked; that says nothing of the content. */
    record Unasked(String why) implements Reply {}
}
