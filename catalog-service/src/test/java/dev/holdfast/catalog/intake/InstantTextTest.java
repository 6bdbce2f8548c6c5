package dev.holdfast.catalog.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Instants as text. */
class InstantTextTest {

    @Test
    void anInstantIsWrittenAsJavaWritesItWhateverItIs() {
        for (String text : new String[] {
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999999Z",
            "2024-02-29T23:59:59.100Z",
            "2026-11-26T20:40:00.000001Z",
            "0000-01-01T00:00:00Z",
            "-0001-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999Z",
            "+10000-01-01T00:00:00Z"
        }) {
            assertThat(written(Instant.parse(text))).isEqualTo(text);
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            int scale = new int[] {1, 1_000, 1_000_000, 1_000_000_000}[i % 4];
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-70_000_000_000L, 260_000_000_000L), random.nextInt(1_000_000_000) / scale * scale);
            assertThat(written(instant)).isEqualTo(instant.toString());
        }
    }

    private static String written(Instant instant) {
        JsonOutput out = new JsonOutput();
        out.put('x');
        InstantText.append(out, instant);
        return out.textFrom(1);
    }
}
