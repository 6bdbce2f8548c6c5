package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code queue} over recorded answers of the scheduler. */
class QueueTest {

    private final RecordedService scheduler = new RecordedService();

    private Terminal terminal = new Terminal(Path.of("."));

    @BeforeEach
    void pointAtTheScheduler(@TempDir Path home) {
        terminal = new Terminal(home).env("HOLDFAST_SCHEDULER", scheduler.url()).at("2026-11-22T10:00:00Z");
    }

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void whatWaitsIsShownBehindWhatRuns() {
        scheduler.answers("GET /api/v1/queue", 200, """
                {"running": 1, "waiting": 1, "items": [
                  {"requestId": "6f1f7f2e-6a0e-5c6b-9a53-4c3a7d0f9b11", "stanza": "orders", "kind": "BACKUP", "pool": "db1",
                   "state": "LET_IN", "schedule": "daily", "since": "2026-11-22T02:00:00Z", "notAfter": "2026-11-23T02:00:00Z"},
                  {"requestId": "0b54b8ac-0a4c-5b3e-8c29-1d7e4e0f9b22", "stanza": "crm", "kind": "RESTORE_TEST", "pool": "db1",
                   "state": "WAITING", "schedule": null, "since": "2026-11-22T02:00:00Z", "notAfter": "2026-11-23T02:00:00Z"}],
                 "next": null}""");

        Ended ended = terminal.type("queue", "--pool", "db1");

        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "STATE STANZA WHAT POOL SCHEDULE SINCE NOT AFTER REQUEST",
                        "let in orders backup db1 daily 8h ago 2026-11-23T02:00:00Z 6f1f7f2e-6a0e-5c6b-9a53-4c3a7d0f9b11",
                        "queued crm restore test db1 - 8h ago 2026-11-23T02:00:00Z 0b54b8ac-0a4c-5b3e-8c29-1d7e4e0f9b22");
        assertThat(ended.err()).contains("1 run or may start, 1 wait");
        assertThat(scheduler.asked()).containsExactly("GET /api/v1/queue?pool=db1&limit=100");
    }

    @Test
    void anEmptyQueueSaysWhy() {
        scheduler.answers("GET /api/v1/queue", 200, "{\"running\": 0, \"waiting\": 0, \"items\": [], \"next\": null}");

        Ended ended = terminal.type("queue");

        assertThat(ended.status()).isZero();
        assertThat(ended.err()).contains("no cap is set, or there is room for everything");
    }
}
