package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservationTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final long SEGMENT_BYTES = 16L * 1024 * 1024;
    private static final String OLD = "20261125-020000F";
    private static final String NEW = "20261126-020000F";
    private static final StanzaInfo.Repository REPOSITORY =
            new StanzaInfo.Repository(1, "none", new StanzaInfo.Status(0, "ok"));

    @Test
    void afterAnUpgradeTheBackupsOfEachClusterHaveTheWindowOfTheirOwnArchiveAlthoughSegmentsAreNamedAlike() {
        StanzaInfo info = info(
                List.of(new StanzaInfo.Database(1, 1, "111", "14"), new StanzaInfo.Database(2, 1, "222", "15")),
                List.of(set(OLD, "14", "111"), set(NEW, "15", "222")));

        List<RecoveryWindow> windows = observed(info, "14-1", "15-2").windows();

        assertThat(windows)
                .extracting(RecoveryWindow::label, window -> window.wal().archiveId())
                .containsExactly(tuple(OLD, "14-1"), tuple(NEW, "15-2"));
    }

    @Test
    void aBackupWhoseOwnArchiveIsGoneHasNoWindowInAnothers() {
        StanzaInfo info = info(List.of(new StanzaInfo.Database(1, 1, "111", "14")), List.of(set(OLD, "14", "111")));

        assertThat(observed(info, "15-2").windows()).isEmpty();
    }

    private static Observation observed(StanzaInfo info, String... archives) {
        List<ArchivedFile> files = List.of(archives).stream()
                .flatMap(archive -> List.of(file(archive, 1), file(archive, 2)).stream())
                .toList();
        return Observation.of(info, REPOSITORY, WalWalk.of(files, SEGMENT_BYTES), Set.of(), NOW);
    }

    private static ArchivedFile file(String archive, int number) {
        String segment = "%08X%08X%08X".formatted(1, 0, number);
        return new ArchivedFile(
                "%s/%s/%s-%s.gz".formatted(archive, segment.substring(0, 16), segment, "a".repeat(40)), NOW);
    }

    private static StanzaInfo info(List<StanzaInfo.Database> databases, List<BackupSet> sets) {
        return new StanzaInfo(
                "demo", new StanzaInfo.Status(0, "ok"), false, List.of(REPOSITORY), databases, List.of(), sets);
    }

    private static BackupSet set(String label, String version, String systemId) {
        return new BackupSet(
                label,
                BackupKind.FULL,
                null,
                List.of(),
                NOW,
                NOW,
                new BackupSet.Wal("000000010000000000000001", "000000010000000000000002", null, null),
                new BackupSet.Sizes(1, 1, 1L, 1),
                1,
                version,
                systemId,
                "none",
                null,
                List.of(),
                Map.of(),
                "2.45");
    }
}
