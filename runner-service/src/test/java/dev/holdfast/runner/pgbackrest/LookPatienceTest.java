package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookPatienceTest {

    @Test
    void withoutASettingPgbackrestsMinuteIsCutShort() {
        assertThat(LookPatience.option(Optional.empty())).contains("--io-timeout=10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "30s", "2m", "1h", "10.5", "11000ms"})
    void aMorePatientSettingIsCutShort(String value) {
        assertThat(LookPatience.option(Optional.of(value))).contains("--io-timeout=10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "5", "0.5", "10s", "500ms"})
    void aSettingThatIsAsImpatientStays(String value) {
        assertThat(LookPatience.option(Optional.of(value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "30 # seconds", ""})
    void whatCannotBeReadIsLeftToPgbackrest(String value) {
        assertThat(LookPatience.option(Optional.of(value))).isEmpty();
    }
}
