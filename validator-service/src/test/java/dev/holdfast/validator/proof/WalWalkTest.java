package dev.holdfast.validator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WalWalkTest {

    private static final long SIZE = 16L << 20;

    @Test
    void aCompleteArchiveReachesItsEnd() {
        WalWalk walk = walk("04", "04", "03", "04", "05", "06");

        assertThat(walk.gap()).isEmpty();
        assertThat(walk.reachable()).contains(segment("06"));
        assertThat(walk.end()).contains(segment("06"));
    }

    @Test
    void aHoleIsNamedWithItsFirstAndLastSegment() {
        WalWalk walk = walk("04", "04", "04", "05", "08", "09");

        assertThat(walk.gap().orElseThrow().first()).isEqualTo(segment("06"));
        assertThat(walk.gap().orElseThrow().last()).isEqualTo(segment("07"));
        assertThat(walk.gap().orElseThrow().segments()).isEqualTo(2);
        assertThat(walk.gap().orElseThrow())
                .hasToString("2 WAL segments are missing, 000000010000000000000006 to 000000010000000000000007");
        assertThat(walk.reaches(segment("05"))).isTrue();
        assertThat(walk.reaches(segment("08"))).isFalse();
    }

    @Test
    void aHoleBeforeTheFirstSegmentNeededDoesNotMatter() {
        assertThat(walk("04", "04", "01", "04", "05").gap()).isEmpty();
    }

    @Test
    void aMissingLastSegmentOfTheBackupIsAHoleAlthoughNothingFollows() {
        WalWalk walk = walk("04", "05", "03", "04");

        assertThat(walk.gap().orElseThrow().first()).isEqualTo(segment("05"));
        assertThat(walk.reaches(segment("05"))).isFalse();
    }

    @Test
    void anEmptyArchiveReachesNothing() {
        WalWalk walk = walk("04", "05");

        assertThat(walk.reachable()).isEmpty();
        assertThat(walk.end()).isEmpty();
        assertThat(walk.gap().orElseThrow().segments()).isEqualTo(2);
    }

    @Test
    void theLastSegmentOfALogIsFollowedByTheFirstOfTheNext() {
        WalSegment last = WalSegment.parse("0000000100000000000000FF");

        assertThat(last.next(SIZE)).hasToString("000000010000000100000000");
        assertThat(last.distanceTo(WalSegment.parse("000000010000000100000001"), SIZE))
                .isEqualTo(2);
    }

    @Test
    void anLsnLiesInItsSegment() {
        assertThat(WalSegment.holding(Lsn.parse("1/2F000028"), 3, SIZE)).hasToString("00000003000000010000002F");
        assertThat(WalSegment.parse("00000003000000010000002F").start(SIZE)).hasToString("1/2F000000");
    }

    private static WalWalk walk(String from, String needed, String... archived) {
        NavigableSet<WalSegment> segments =
                new TreeSet<>(Stream.of(archived).map(WalWalkTest::segment).toList());
        return WalWalk.over(segment(from), Optional.of(segment(needed)), segments, Timelines.only(1), SIZE);
    }

    private static WalSegment segment(String last) {
        return WalSegment.parse("0000000100000000000000" + last);
    }
}
