package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.backup.Category;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    /** build/error.yaml of pgBackRest, the same in 2.45 and 2.59.1. */
    private static final List<Integer> ALL = List.of(
            25, 26, 27, 28, 29, 30, 31, 32, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55,
            56, 57, 58, 60, 61, 62, 63, 64, 67, 68, 69, 70, 72, 73, 74, 75, 76, 78, 79, 80, 81, 82, 83, 87, 88, 89, 93,
            94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 122, 124, 125);

    @Test
    void everyErrorOfPgbackrestIsMappedOnce() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).containsExactlyElementsOf(ALL);
    }

    @Test
    void everyErrorSaysWhatToDo() {
        assertThat(ExitCode.values()).allSatisfy(code -> assertThat(code.hint()).hasSizeGreaterThan(30));
    }

    @Test
    void namesAreThoseOfPgbackrest() {
        assertThat(ExitCode.of(50).orElseThrow().toolName()).isEqualTo("lock-acquire");
        assertThat(ExitCode.of(82).orElseThrow().toolName()).isEqualTo("archive-timeout");
    }

    @Test
    void aLockIsAConflictAndADamagedFileIsCorruption() {
        assertThat(ExitCode.LOCK_ACQUIRE.category()).isEqualTo(Category.CONFLICT);
        assertThat(ExitCode.LOCK_ACQUIRE.category().retryable()).isTrue();
        assertThat(ExitCode.CHECKSUM.category()).isEqualTo(Category.CORRUPTION);
        assertThat(ExitCode.CHECKSUM.category().retryable()).isFalse();
    }
}
