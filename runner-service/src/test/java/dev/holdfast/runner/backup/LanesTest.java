package dev.holdfast.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes(List.of(Duration.ofMillis(1), Duration.ofMillis(1)));
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void workThatFailsForAWhileIsDoneOnceThatHasPassed() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();

        lanes.submit(
                "demo",
                () -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("no space left");
                    }
                    done.add("work");
                },
                trouble -> done.add("last resort"));

        assertThat(next()).isEqualTo("work");
    }

    @Test
    void workThatFailsForGoodComesToItsLastResortAndTheLaneGoesOn() throws InterruptedException {
        lanes.submit(
                "demo",
                () -> {
                    throw new IllegalStateException("no space left");
                },
                trouble -> {
                    done.add(String.valueOf(trouble.getMessage()));
                    throw new IllegalStateException("nor here");
                });
        lanes.submit("demo", () -> done.add("next"), trouble -> done.add("last resort"));

        assertThat(next()).isEqualTo("no space left");
        assertThat(next()).isEqualTo("next");
    }

    private String next() throws InterruptedException {
        return String.valueOf(done.poll(1, TimeUnit.MINUTES));
    }
}
