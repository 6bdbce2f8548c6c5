package dev.holdfast.validator.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places places = new Places(1);

    @Test
    void aPlaceIsTakenAtOnceWhereOneIsFreeEvenByATestThatNobodyWants() throws InterruptedException {
        assertThat(places.take(() -> true)).isTrue();
    }

    @Test
    void whoeverIsNotWantedAnyMoreStopsWaiting() throws InterruptedException {
        places.take(() -> false);

        assertThat(places.take(() -> true)).isFalse();
        places.leave();
        assertThat(places.take(() -> false)).isTrue();
    }

    @Test
    void placesAreGivenInTheOrderOfAsking() throws InterruptedException {
        places.take(() -> false);
        List<String> order = new CopyOnWriteArrayList<>();
        Thread first = waiter("first", order);
        Thread second = waiter("second", order);

        places.leave();
        first.join();
        places.leave();
        second.join();

        assertThat(order).containsExactly("first", "second");
    }

    /** Returns once it waits. */
    private Thread waiter(String name, List<String> order) {
        AtomicBoolean waits = new AtomicBoolean();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                places.take(() -> {
                    waits.set(true);
                    return false;
                });
                order.add(name);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await().untilTrue(waits);
        return thread;
    }
}
