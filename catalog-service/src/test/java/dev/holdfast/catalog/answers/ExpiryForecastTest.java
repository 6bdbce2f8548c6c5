package dev.holdfast.catalog.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.answers.Expiry.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpiryForecastTest {

    private static final Instant DAY_0 = Instant.parse("2026-11-01T02:00:00Z");
    private static final String FIRST = "20261101-020000F";
    private static final String SECOND = "20261108-020000F";
    private static final String THIRD = "20261115-020000F";

    @Test
    void withFewerFullsThanAreKeptNothingGoes() {
        assertThat(next(Map.of("repo1-retention-full", "3"), full(FIRST, 0), full(SECOND, 7)))
                .isEmpty();
    }

    @Test
    void withAsManyAsAreKeptTheOldestGoesWithTheNextFull() {
        List<Expiry.Next> next = next(
                Map.of("repo1-retention-full", "2"),
                full(FIRST, 0),
                built(FIRST + "_20261102-020000D", "DIFF", FIRST, 1),
                built(FIRST + "_20261103-020000I", "INCR", FIRST + "_20261102-020000D", 2),
                full(SECOND, 7));

        assertThat(next).hasSize(1);
        assertThat(next.getFirst().trigger()).isEqualTo(Trigger.NEXT_FULL);
        assertThat(next.getFirst().takesAlong())
                .containsExactly(FIRST + "_20261102-020000D", FIRST + "_20261103-020000I");
        assertThat(next.getFirst().earliestAfterwards())
                .isEqualTo(DAY_0.plus(Duration.ofDays(7)).plusSeconds(1));
    }

    @Test
    void withMoreThanAreKeptTheSurplusGoesAfterTheNextBackup() {
        List<Expiry.Next> next =
                next(Map.of("repo1-retention-full", "1"), full(FIRST, 0), full(SECOND, 7), full(THIRD, 14));

        assertThat(next).extracting(Expiry.Next::label).containsExactly(FIRST, SECOND);
        assertThat(next).extracting(Expiry.Next::trigger).containsOnly(Trigger.NEXT_EXPIRY);
    }

    @Test
    void byTimeAFullGoesOnceANewerOneIsOldEnoughAndTheNewestNever() {
        List<Expiry.Next> next = next(
                Map.of("repo1-retention-full", "14", "repo1-retention-full-type", "time"),
                full(FIRST, 0),
                full(SECOND, 7));

        assertThat(next).extracting(Expiry.Next::label).containsExactly(FIRST);
        assertThat(next.getFirst().trigger()).isEqualTo(Trigger.AFTER);
        assertThat(next.getFirst().after()).isEqualTo(DAY_0.plus(Duration.ofDays(21)));
    }

    @Test
    void itIsSaidWhenNothingProvenStays() {
        List<Expiry.Next> lost = next(Map.of("repo1-retention-full", "2"), proven(FIRST, 0), full(SECOND, 7));
        List<Expiry.Next> kept = next(Map.of("repo1-retention-full", "2"), proven(FIRST, 0), proven(SECOND, 7));

        assertThat(lost.getFirst().lastProven()).isTrue();
        assertThat(kept.getFirst().lastProven()).isFalse();
    }

    @Test
    void noConfiguredRetentionIsNotTakenForNoAnswer() {
        assertThat(of(Map.of("repo1-retention-archive", "2")).explanation()).startsWith("no retention is configured");
        assertThat(of(Map.of()).explanation()).contains("nothing can be foretold");
    }

    private static List<Expiry.Next> next(Map<String, String> retention, Backup... sets) {
        return of(retention, sets).next();
    }

    private static Expiry.OfRepository of(Map<String, String> retention, Backup... sets) {
        Stanza.Repository repository = new Stanza.Repository(
                1, DAY_0, "ok", true, null, null, null, null, List.of(), List.of(), retention, null);
        return ExpiryForecast.ofRepository(repository, List.of(sets));
    }

    private static Backup full(String label, int day) {
        return set(label, "FULL", null, day, null);
    }

    private static Backup proven(String label, int day) {
        return set(label, "FULL", null, day, new Proof("PASSED", "CONTENT_CHECKED", UUID.randomUUID(), DAY_0, label));
    }

    private static Backup built(String label, String type, String prior, int day) {
        return set(label, type, prior, day, null);
    }

    private static Backup set(String label, String type, @Nullable String prior, int day, @Nullable Proof proof) {
        Instant end = DAY_0.plus(Duration.ofDays(day));
        return new Backup(
                "orders",
                label,
                1,
                type,
                type,
                "COMPLETE",
                null,
                null,
                null,
                null,
                end.minusSeconds(60),
                end,
                null,
                new Backup.Sizes(null, null, null, null),
                new Backup.Wal(null, null, null, null, null),
                new Backup.Chain(prior, List.of(), null),
                new Backup.Made(null, null, null, null, null, false),
                Map.of(),
                List.of(),
                proof,
                null,
                null);
    }
}
