package dev.holdfast.scheduler.stanza;

import java.time.Instant;

/**
 * The circumstances of one step.
 *
 * @param now the clock
 * @param live false until everything that the log held when this process took the stanza over has been read: until then
 *     nothing is asked for and nothing declared
 * @param outbox takes what is to be published
 */
public record Moment(Instant now, boolean live, Outbox outbox) {

    /** The later of two instants. */
    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
