package dev.holdfast.scheduler.runners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.RequestKind;
import dev.holdfast.testsupport.Events;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who counts as alive, by announcements whose writers' clocks may be wrong. */
class AnnouncementsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:30Z");

    private final AtomicBoolean complete = new AtomicBoolean();
    private final Announcements announcements = new Announcements(Clock.fixed(NOW, ZoneOffset.UTC), complete::get);

    @Test
    void whoAnnouncesItselfNowIsAliveHoweverFarItsClockIsBehind() {
        complete.set(true);
        announcements.accept(Events.runnerAnnounced("db1", "orders")
                .setOccurredAt(NOW.minus(Duration.ofHours(2)))
                .build());

        assertThat(announcements.isAlive("orders", RequestKind.BACKUP, Optional.empty()))
                .isTrue();
        assertThat(announcements.alive(RequestKind.BACKUP)).contains(Set.of("db1"));
    }

    @Test
    void whatLayInTheLogCountsFromWhenItWasWritten() {
        announcements.accept(Events.runnerAnnounced("db1", "orders")
                .setOccurredAt(NOW.minus(Duration.ofHours(2)))
                .build());
        complete.set(true);

        assertThat(announcements.isServed("orders", RequestKind.BACKUP, Optional.empty()))
                .isTrue();
        assertThat(announcements.isAlive("orders", RequestKind.BACKUP, Optional.empty()))
                .isFalse();
    }

    @Test
    void whoseClockWasAheadInTheLogIsHeardAgainNow() {
        announcements.accept(Events.runnerAnnounced("db1", "orders")
                .setOccurredAt(NOW.plus(Duration.ofHours(1)))
                .build());
        complete.set(true);

        announcements.accept(Events.runnerAnnounced("db1", "orders", "stock")
                .setOccurredAt(NOW.plus(Duration.ofHours(1)))
                .build());

        assertThat(announcements.isAlive("stock", RequestKind.BACKUP, Optional.empty()))
                .isTrue();
    }
}
