package dev.holdfast.cli.follow;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What an event tells a person who waits. */
public sealed interface Step {

    /** Nothing to say. */
    record Silent() implements Step {}

    /** Something has begun or ended; one line. */
    record Milestone(String text) implements Step {}

    /** A heartbeat: what is being done, and how far it is. */
    record Heartbeat(String phase, OptionalDouble percent, OptionalLong bytesDone, Optional<Long> bytesTotal)
            implements Step {}

    /** It may not end well; one line with what to do. */
    record Warning(String text) implements Step {}
}
