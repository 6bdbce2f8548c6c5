package dev.holdfast.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanizedTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.4S, 0.4s",
        "PT59S, 59s",
        "PT1M, 1m",
        "PT12M5S, 12m 5s",
        "PT1H, 1h",
        "PT23H59M59S, 23h 59m",
        "PT76H, 3d 4h"
    })
    void lengthsAreSaidInTheirTwoLargestUnits(Duration length, String said) {
        assertThat(Humanized.duration(length)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "4404019, 4.2 MiB", "1099511627776, 1.0 TiB"})
    void bytesAreSaidWithABinaryUnit(long bytes, String said) {
        assertThat(Humanized.bytes(bytes)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "1023, 1023B", "1024, 1.0K", "4404019, 4.2M", "128849018880, 120G", "1125899906842624, 1.0P"})
    void roughBytesTakeFiveCharactersAtMost(long bytes, String said) {
        assertThat(Humanized.roughBytes(bytes)).isEqualTo(said).hasSizeLessThanOrEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T09:59:01Z, 59s",
        "2026-11-22T09:00:01Z, 59m",
        "2026-11-20T11:00:00Z, 47h",
        "2026-11-20T10:00:00Z, 2d",
        "2026-11-22T10:05:00Z, in 5m",
        "yesterday, yesterday"
    })
    void roughAgesHaveOneUnit(String instant, String said) {
        assertThat(Humanized.roughAge(instant, Instant.parse("2026-11-22T10:00:00Z")))
                .isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T09:59:00Z, 1m ago",
        "2026-11-22T11:00:00+01:00, 0s ago",
        "2026-11-22T10:05:00Z, in 5m",
        "yesterday, yesterday"
    })
    void agesAreSaidFromNow(String instant, String said) {
        assertThat(Humanized.age(instant, Instant.parse("2026-11-22T10:00:00Z")))
                .isEqualTo(said);
    }
}
