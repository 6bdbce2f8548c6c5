package dev.holdfast.runner.backup;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far a run is.
 *
 * @param percent 0 to 100; empty while pgBackRest has not said. It moves a whole file at a time
 * @param bytesDone bytes copied, summed up from pgBackRest's rounded file sizes; empty while unknown
 * @param bytesTotal bytes to copy, from the two; empty while unknown
 * @param phase starting, copying, archiving, expiring or checking
 */
public record Progress(OptionalDouble percent, OptionalLong bytesDone, OptionalLong bytesTotal, String phase) {

    /** pgBackRest has said nothing yet. */
    public static final Progress STARTING =
            new Progress(OptionalDouble.empty(), OptionalLong.empty(), OptionalLong.empty(), "starting");

    /** The run has failed, and the stanza is being checked before that is published. */
    public static final Progress CHECKING =
            new Progress(OptionalDouble.empty(), OptionalLong.empty(), OptionalLong.empty(), "checking");
}
