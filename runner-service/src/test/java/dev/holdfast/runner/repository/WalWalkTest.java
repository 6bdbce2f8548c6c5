package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalWalkTest {

    private static final long MEGABYTES_16 = 16L * 1024 * 1024;
    private static final Instant AT = Instant.parse("2026-11-22T16:00:00Z");

    @Test
    void anArchiveWithoutHolesIsOneStretch() {
        WalWalk walk = WalWalk.of(segments("000000010000000000000001", "000000010000000000000002"), MEGABYTES_16);

        assertThat(walk.holes()).isEmpty();
        assertThat(walk.ranges())
                .containsExactly(new WalRange(
                        "15-1", 1, "000000010000000000000001", "000000010000000000000002", AT.plusSeconds(1)));
    }

    @Test
    void aHoleIsNamedWithItsFirstAndLastMissingSegment() {
        WalWalk walk = WalWalk.of(segments("000000010000000000000016", "00000001000000000000001A"), MEGABYTES_16);

        assertThat(walk.holes())
                .containsExactly(new WalHole("15-1", 1, "000000010000000000000017", "000000010000000000000019", 3));
        assertThat(walk.ranges()).hasSize(2);
    }

    @Test
    void theLastSegmentOfALogicalFileIsFollowedByTheFirstOfTheNext() {
        WalWalk walk = WalWalk.of(segments("0000000100000000000000FF", "000000010000000100000000"), MEGABYTES_16);

        assertThat(walk.holes()).isEmpty();
    }

    @Test
    void withSegmentsOf64MegabytesALogicalFileHas64() {
        WalWalk walk = WalWalk.of(segments("00000001000000000000003F", "000000010000000100000000"), 64L * 1024 * 1024);

        assertThat(walk.holes()).isEmpty();
    }

    @Test
    void timelinesAreWalkedApart() {
        WalWalk walk = WalWalk.of(segments("000000010000000000000005", "000000020000000000000009"), MEGABYTES_16);

        assertThat(walk.holes()).isEmpty();
        assertThat(walk.ranges()).extracting(WalRange::timeline).containsExactly(1, 2);
    }

    @Test
    void whatIsNoWholeSegmentIsPassedOver() {
        List<ArchivedFile> files = new ArrayList<>(segments("000000010000000000000003"));
        files.add(new ArchivedFile("15-1/00000002.history", AT));
        files.add(new ArchivedFile("15-1/0000000100000000/000000010000000000000003.00000028.backup", AT));
        files.add(new ArchivedFile("15-1/0000000100000000/000000010000000000000009.partial-" + "a".repeat(40), AT));

        assertThat(WalWalk.of(files, MEGABYTES_16).ranges()).hasSize(1);
    }

    static List<ArchivedFile> segments(String... names) {
        List<ArchivedFile> files = new ArrayList<>();
        for (String name : names) {
            String path = "15-1/%s/%s-%s.gz".formatted(name.substring(0, 16), name, "a".repeat(40));
            files.add(new ArchivedFile(path, AT.plusSeconds(files.size())));
        }
        return files;
    }
}
