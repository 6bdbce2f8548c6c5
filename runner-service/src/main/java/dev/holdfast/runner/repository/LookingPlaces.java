package dev.holdfast.runner.repository;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many stanzas are looked at at the same time on this host, so that those whose storage does not answer delay no others.
 *
 * <p>A few places are for brisk stanzas. A look that takes longer than a brisk one should gives its place back and goes on in
 * one of the patient places, of which there are more: whoever waits for a storage costs a process, and no processor. The
 * next time that stanza begins in a patient place. Where all patient places are taken a slow look keeps the brisk one, so
 * that the number of processes stays bounded. Safe for many threads.
 */
final class LookingPlaces {

    private final Semaphore brisk;
    private final Semaphore patient;
    private final Duration patience;
    private final Set<String> slow = ConcurrentHashMap.newKeySet();

    /**
     * @param brisk how many stanzas that answer are looked at at the same time
     * @param patient how many slow ones beside them
     * @param patience how long a brisk look takes at most
     */
    LookingPlaces(int brisk, int patient, Duration patience) {
        this.brisk = new Semaphore(brisk, true);
        this.patient = new Semaphore(patient, true);
        this.patience = patience;
    }

    /** A look at a stanza. */
    interface Look {
        void take() throws InterruptedException;
    }

    /**
     * Waits for a place and looks from there.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    void during(String stanza, Look look) throws InterruptedException {
        if (isSlow(stanza)) {
            patiently(stanza, look);
        } else {
            briskly(stanza, look);
        }
    }

    /** True if the last look at the stanza took long, or the present one does. */
    boolean isSlow(String stanza) {
        return slow.contains(stanza);
    }

    private void patiently(String stanza, Look look) throws InterruptedException {
        patient.acquire();
        long begin = System.nanoTime();
        try {
            look.take();
        } finally {
            patient.release();
        }
        if (System.nanoTime() - begin < patience.toNanos()) {
            slow.remove(stanza);
        }
    }

    private void briskly(String stanza, Look look) throws InterruptedException {
        brisk.acquire();
        Place place = new Place();
        Thread mover = Thread.ofVirtual().name("mover-" + stanza).start(() -> moveWhenSlow(stanza, place));
        try {
            look.take();
        } finally {
            mover.interrupt();
            place.leave();
        }
    }

    private void moveWhenSlow(String stanza, Place place) {
        try {
            TimeUnit.NANOSECONDS.sleep(patience.toNanos());
            slow.add(stanza);
            patient.acquire();
            place.move();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The place of one look, which began in a brisk one. */
    private final class Place {

        private Semaphore taken = brisk;
        private boolean left;

        /** Into a patient place that the caller has taken. */
        synchronized void move() {
            if (left) {
                patient.release();
            } else {
                taken.release();
                taken = patient;
            }
        }

        synchronized void leave() {
            left = true;
            taken.release();
        }
    }
}
