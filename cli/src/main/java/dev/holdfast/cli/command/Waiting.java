package dev.holdfast.cli.command;

import dev.holdfast.cli.follow.Step;
import dev.holdfast.cli.kafka.LoggedEvent;
import dev.holdfast.cli.kafka.Tail;
import dev.holdfast.cli.screen.Console;
import dev.holdfast.cli.screen.ProgressLine;
import dev.holdfast.schemas.EventDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log until what is followed is over or the time is up.
 *
 * <p>A request that the scheduler calls unserved because nobody has announced the stanza is most likely a typing mistake:
 * without a {@code --timeout} of the person's own it is given up after {@link #GRACE}, in which a runner may still announce
 * itself.
 */
final class Waiting {

    /** Without {@code --timeout}: as long as a request may wait for its start by the contract. */
    static final Duration DEFAULT_LIMIT = Duration.ofHours(24);

    static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    /** How the waiting ended. */
    enum End {
        OVER,
        TIMED_OUT,
        UNKNOWN_STANZA
    }

    private final InstantSource clock;
    private final ProgressLine progress;
    private final Instant deadline;
    private final boolean mayGiveUp;

    Waiting(InstantSource clock, Console console, Optional<Duration> limit) {
        this.clock = clock;
        this.progress = new ProgressLine(console);
        this.deadline = clock.instant().plus(limit.orElse(DEFAULT_LIMIT));
        this.mayGiveUp = limit.isEmpty();
    }

    /**
     * Waits.
     *
     * @param tail stands where the followed events begin
     * @param accept takes an event and says what it tells
     * @param isOver whether there is nothing left to wait for
     * @param isUnknownStanza whether nobody serves the stanza
     */
    End until(
            Tail tail, Function<SpecificRecord, Step> accept, BooleanSupplier isOver, BooleanSupplier isUnknownStanza) {
        Instant giveUp = null;
        while (!isOver.getAsBoolean()) {
            Instant now = clock.instant();
            giveUp = isUnknownStanza.getAsBoolean() ? giveUpAt(giveUp, now) : null;
            if (giveUp != null && now.isAfter(giveUp)) {
                return ended(End.UNKNOWN_STANZA);
            }
            if (now.isAfter(deadline)) {
                return ended(End.TIMED_OUT);
            }
            for (LoggedEvent logged : tail.poll(POLL)) {
                if (logged.content() instanceof EventDecoder.Event known) {
                    progress.show(accept.apply(known.event()));
                }
            }
        }
        return ended(End.OVER);
    }

    private @Nullable Instant giveUpAt(@Nullable Instant giveUp, Instant now) {
        return giveUp == null && mayGiveUp ? now.plus(GRACE) : giveUp;
    }

    private End ended(End end) {
        progress.end();
        return end;
    }
}
