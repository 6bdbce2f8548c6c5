package dev.holdfast.validator.claim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Places for the tests that run at a time, given in the order in which they were asked for. */
final class Places {

    private static final long LOOK_AGAIN_SECONDS = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private int free;

    Places(int number) {
        this.free = number;
    }

    /**
     * Waits for a place.
     *
     * @param unwanted asked every second whether the wait has lost its sense
     * @return false if it has; there is no place to leave then
     */
    boolean take(BooleanSupplier unwanted) throws InterruptedException {
        Object ticket = new Object();
        lock.lockInterruptibly();
        try {
            waiting.add(ticket);
            while (free == 0 || !ticket.equals(waiting.peek())) {
                if (unwanted.getAsBoolean()) {
                    return false;
                }
                // a change or a second, whichever comes first: both are looked at above
                boolean _ = changed.await(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
            }
            free--;
            return true;
        } finally {
            waiting.remove(ticket);
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Gives a place back. */
    void leave() {
        lock.lock();
        try {
            free++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
