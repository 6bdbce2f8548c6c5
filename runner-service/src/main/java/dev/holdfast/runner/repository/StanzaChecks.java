package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.StanzaCheck;
import dev.holdfast.runner.backup.StanzaChecker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks stanzas on a rhythm and whenever it is asked to, and remembers on this host's disk what was found last. */
public final class StanzaChecks implements StanzaChecker {

    private static final Logger LOGGER = LoggerFactory.getLogger(StanzaChecks.class);

    private final StanzaChecker checker;
    private final CheckNotes notes;
    private final Duration every;
    private final Clock clock;

    /**
     * @param state folder that remembers what was found
     * @param every the rhythm; zero for none
     */
    public StanzaChecks(StanzaChecker checker, Path state, Duration every, Clock clock) {
        this.checker = checker;
        this.notes = new CheckNotes(state);
        this.every = every;
        this.clock = clock;
    }

    @Override
    public Optional<StanzaCheck> check(String stanza, Runnable beat) throws InterruptedException {
        Optional<StanzaCheck> found = checker.check(stanza, beat);
        found.ifPresent(check -> keep(stanza, check));
        return found;
    }

    /**
     * Checks the stanza, if the last check is too long ago.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void checkIfDue(String stanza) throws InterruptedException {
        Instant due = last(stanza).map(StanzaCheck::at).orElse(Instant.EPOCH).plus(every);
        if (every.isPositive() && !clock.instant().isBefore(due)) {
            check(stanza, () -> {});
        }
    }

    /** What was found last; empty if nothing was, or it cannot be read any more. */
    public Optional<StanzaCheck> last(String stanza) {
        return notes.read(stanza);
    }

    private void keep(String stanza, StanzaCheck check) {
        if (check.outcome() == StanzaCheck.Outcome.PASSED) {
            LOGGER.atInfo().addKeyValue("stanza", stanza).log("pgbackrest check passed");
        } else {
            LOGGER.atWarn()
                    .addKeyValue("stanza", stanza)
                    .addKeyValue("outcome", check.outcome())
                    .addKeyValue("error", check.message())
                    .log("pgbackrest check did not pass: {}", check.hint());
        }
        notes.write(stanza, check);
    }
}
