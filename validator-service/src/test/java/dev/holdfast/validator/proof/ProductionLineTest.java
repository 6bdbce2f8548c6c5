package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where recovery goes when production was promoted once, in the middle of segment 5. */
class ProductionLineTest {

    private static final long SIZE = 16L << 20;
    private static final String HISTORY = "1\t0/5800000\tno recovery target specified\n";
    private static final Backup BEFORE = FakeTools.backup("20261122-160000F", 1, 3);
    private static final Backup ABANDONED = FakeTools.backup("20261122-170000F", 1, 6);
    private static final Backup AFTER = FakeTools.backup("20261122-180000F", 2, 6);

    @Test
    void aBackupOfProductionsOwnTimelineStaysOnIt() {
        assertThat(line(List.of(BEFORE), 1).to(new Target.Latest(), BEFORE)).isEqualTo(Timelines.only(1));
    }

    @Test
    void aBackupBeforeThePromotionIsFollowedAcrossIt() {
        Timelines way = line(List.of(BEFORE, AFTER), 2).to(new Target.Latest(), BEFORE);

        assertThat(way.last()).isEqualTo(2);
        assertThat(way.after(new WalSegment(1, 0, 3), SIZE)).isEqualTo(new WalSegment(1, 0, 4));
        assertThat(way.after(new WalSegment(1, 0, 4), SIZE)).isEqualTo(new WalSegment(2, 0, 5));
        assertThat(way.holding(Lsn.parse("0/7000000"), SIZE)).isEqualTo(new WalSegment(2, 0, 7));
    }

    @Test
    void whatTheOldTimelineArchivedBehindThePromotionIsNotOnTheWay() {
        Timelines way = line(List.of(BEFORE, AFTER), 2).to(new Target.Latest(), BEFORE);

        NavigableSet<WalSegment> segments = archive(2).segments("15-1", way, SIZE);

        assertThat(segments)
                .containsExactly(
                        new WalSegment(1, 0, 3),
                        new WalSegment(1, 0, 4),
                        new WalSegment(2, 0, 5),
                        new WalSegment(2, 0, 6),
                        new WalSegment(2, 0, 7));
    }

    @Test
    void aSegmentMissingBehindThePromotionIsAHole() {
        Timelines way = line(List.of(BEFORE, AFTER), 2).to(new Target.Latest(), BEFORE);
        NavigableSet<WalSegment> segments = archive(2).segments("15-1", way, SIZE);
        segments.remove(new WalSegment(2, 0, 6));

        WalWalk walk = WalWalk.over(new WalSegment(1, 0, 3), Optional.empty(), segments, way, SIZE);

        assertThat(walk.reachable()).contains(new WalSegment(2, 0, 5));
        assertThat(walk.gap().orElseThrow().first()).isEqualTo(new WalSegment(2, 0, 6));
        assertThat(walk.gap().orElseThrow().segments()).isEqualTo(1);
    }

    @Test
    void aBackupThatEndedOnTheAbandonedPartCanBeRestoredToItsEndOnly() {
        ProductionLine line = line(List.of(BEFORE, ABANDONED, AFTER), 2);

        assertThat(line.to(new Target.BackupEnd(), ABANDONED)).isEqualTo(Timelines.only(1));
        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> line.to(new Target.Latest(), ABANDONED))
                .conclusion();
        assertThat(conclusion.reason()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(conclusion.message()).contains("timeline 1", "now on timeline 2");
    }

    @Test
    void theEndOfATimelineThatNoBackupIsOnIsNotTakenForProductions() {
        ProductionLine line = line(List.of(BEFORE), 2);

        assertThat(line.to(new Target.AtLsn(Lsn.parse("0/4000000")), BEFORE)).isEqualTo(Timelines.only(1));
        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> line.to(new Target.Latest(), BEFORE))
                .conclusion();
        assertThat(conclusion.reason()).isEqualTo(Reason.TARGET_UNREACHABLE);
        assertThat(conclusion.message()).contains("timeline 2", "make a backup");
    }

    @Test
    void aLostHistoryIsAHole() {
        ProductionLine line = new ProductionLine(List.of(BEFORE, AFTER), archive(2), _ -> Optional.empty());

        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> line.to(new Target.Latest(), BEFORE))
                .conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_GAP);
        assertThat(conclusion.message()).contains("00000002.history");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n# nothing\n",
                "x\t0/5800000\tno recovery target specified\n",
                "1\t0/",
                "1\t0/5800000\tno\n1\t0/6800000\tno\n",
                "2\t0/5800000\tno\n",
                "1\t0/F800000\tno\n"
            })
    void aHistoryThatTellsNoWayIsDamaged(String history) {
        ProductionLine line = new ProductionLine(List.of(BEFORE, AFTER), archive(2), _ -> Optional.of(history));

        Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> line.to(new Target.Latest(), BEFORE))
                .conclusion();

        assertThat(conclusion.reason()).isEqualTo(Reason.WAL_DAMAGED);
        assertThat(conclusion.message()).contains("00000002.history");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "1\t0/58", "1\t0/F800000\tno\n", "1\t0/6800000\tno\n"})
    void aBackupOnATimelineWhoseHistoryIsDamagedStartsNowhere(String history) {
        ProductionLine line = new ProductionLine(List.of(BEFORE, AFTER), archive(2), _ -> Optional.of(history));

        for (Target target : List.of(new Target.BackupEnd(), new Target.Latest())) {
            Conclusion conclusion = catchThrowableOfType(ProofStopped.class, () -> line.to(target, AFTER))
                    .conclusion();
            assertThat(conclusion.reason()).isEqualTo(Reason.WAL_DAMAGED);
            assertThat(conclusion.message()).contains("00000002.history", AFTER.label());
        }
    }

    private static ProductionLine line(List<Backup> backups, int highestTimeline) {
        return new ProductionLine(backups, archive(highestTimeline), _ -> Optional.of(HISTORY));
    }

    /** Segments 3 to 6 on timeline 1, and 5 to 7 on timeline 2 where there is one. */
    private static ArchiveListing archive(int highestTimeline) {
        SortedMap<String, ArchiveListing.Stamp> files = new TreeMap<>();
        for (int number = 3; number <= 6; number++) {
            files.put(FakeTools.path(1, number), new ArchiveListing.Stamp(100, 1_000));
        }
        for (int number = 5; highestTimeline > 1 && number <= 7; number++) {
            files.put(FakeTools.path(2, number), new ArchiveListing.Stamp(100, 1_000));
        }
        return new ArchiveListing(files);
    }
}
