package dev.holdfast.runner.backup;

import java.util.Optional;

/** Checks a stanza. That takes a second where all is well, a minute or more where it is not, and ends a WAL segment. */
public interface StanzaChecker {

    /**
     * Checks it now.
     *
     * @param beat called every now and then while it lasts
     * @return what was found; empty if there is nothing to check, such as a stanza that somebody has stopped
     * @throws InterruptedException if the runner stops meanwhile
     */
    Optional<StanzaCheck> check(String stanza, Runnable beat) throws InterruptedException;
}
