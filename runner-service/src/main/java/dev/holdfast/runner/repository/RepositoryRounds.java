package dev.holdfast.runner.repository;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each stanza's repositories on a timer. Each stanza goes its own rounds, so that one whose storage does not answer
 * keeps nobody waiting but itself; {@link LookingPlaces} bounds what happens on this host at the same time.
 */
public final class RepositoryRounds implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RepositoryRounds.class);
    /** A look takes a tenth of a second of one processor, and the host is a database's. */
    private static final int BRISK = 2;
    /** A pgBackRest that waits for a storage takes a few megabytes of its own. With fewer, the dead stanzas of a large host would keep healthy ones waiting. */
    private static final int PATIENT = 64;

    /** At a start nobody knows which stanzas are dead: each holds a brisk place for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Duration every;
    private final LookingPlaces places;
    private final Visit look;
    private final Visit check;
    private final List<Thread> rounds;

    /** What is done at a stanza. */
    interface Visit {
        void to(String stanza) throws InterruptedException;
    }

    /**
     * @param stanzas the stanzas
     * @param every how long each rests between two looks
     * @param watch looks, and makes restore points where one is due
     * @param checks checks, where that is due
     */
    public RepositoryRounds(List<String> stanzas, Duration every, RepositoryWatch watch, StanzaChecks checks) {
        this(
                stanzas,
                every,
                new LookingPlaces(BRISK, PATIENT, PATIENCE),
                stanza -> lookAt(stanza, watch),
                checks::checkIfDue);
    }

    RepositoryRounds(List<String> stanzas, Duration every, LookingPlaces places, Visit look, Visit check) {
        this.every = every;
        this.places = places;
        this.look = look;
        this.check = check;
        this.rounds = stanzas.stream()
                .map(stanza -> Thread.ofVirtual().name("rounds-" + stanza).unstarted(() -> goRounds(stanza)))
                .toList();
    }

    /** Begins, in the background. */
    public void start() {
        rounds.forEach(Thread::start);
    }

    private static void lookAt(String stanza, RepositoryWatch watch) throws InterruptedException {
        watch.markIfDue(stanza);
        watch.look(stanza);
    }

    private void goRounds(String stanza) {
        try {
            while (true) {
                visit(stanza, look);
                TimeUnit.MILLISECONDS.sleep(every.toMillis());
                // not at once: whoever starts a runner has just made sure that it works, or looks for why it does not
                visit(stanza, check);
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().addKeyValue("stanza", stanza).log("the repositories are no longer looked at");
        }
    }

    private void visit(String stanza, Visit visit) throws InterruptedException {
        try {
            places.during(stanza, () -> visit.to(stanza));
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("stanza", stanza)
                    .setCause(e)
                    .log("the stanza could not be looked at; it will be at the next turn");
        }
    }

    /** Ends them; a look that is under way is interrupted. */
    @Override
    public void close() {
        rounds.forEach(Thread::interrupt);
    }
}
