package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerSettingsTest {

    @Test
    void theStanzasAreAllThatMustBeSaid() {
        RunnerSettings settings = RunnerSettings.from(Map.of("HOLDFAST_RUNNER_STANZAS", " big, small ,big"));

        assertThat(settings.stanzas()).containsExactly("big", "small");
        assertThat(settings.bind()).isEqualTo("127.0.0.1");
        assertThat(settings.timeLimit()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.timeLimits()).isEmpty();
        assertThat(settings.markEvery()).isZero();
        assertThat(settings.markerTable()).isEmpty();
        assertThat(settings.checkEvery()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.checkAfterFailure()).isTrue();
    }

    @Test
    void singleStanzasMayHaveTimeLimitsOfTheirOwn() {
        RunnerSettings settings = RunnerSettings.from(
                Map.of("HOLDFAST_RUNNER_STANZAS", "big,small", "HOLDFAST_RUNNER_TIME_LIMITS", "big=PT48H, small=PT1H"));

        assertThat(settings.timeLimits()).isEqualTo(Map.of("big", Duration.ofHours(48), "small", Duration.ofHours(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_RUNNER_STANZAS, '', HOLDFAST_RUNNER_STANZAS is not set",
        "HOLDFAST_RUNNER_STANZAS, --repo1-path, HOLDFAST_RUNNER_STANZAS holds '--repo1-path'",
        "HOLDFAST_RUNNER_STANZAS, ../etc, HOLDFAST_RUNNER_STANZAS holds '../etc'",
        "HOLDFAST_INSTANCE, a b, HOLDFAST_INSTANCE is 'a b'",
        "HOLDFAST_RUNNER_PORT, 80000, 'HOLDFAST_RUNNER_PORT is 80000, expected 0 to 65535'",
        "HOLDFAST_RUNNER_PORT, http, 'HOLDFAST_RUNNER_PORT is ''http'', expected a number'",
        "HOLDFAST_RUNNER_MAX_CONCURRENT, 0, 'HOLDFAST_RUNNER_MAX_CONCURRENT is 0, expected 1 to 64'",
        "HOLDFAST_RUNNER_LEASE, PT1S, 'HOLDFAST_RUNNER_LEASE is PT1S, expected PT5S or more'",
        "HOLDFAST_RUNNER_LEASE, 30s, 'HOLDFAST_RUNNER_LEASE is ''30s'', expected an ISO-8601 duration such as PT30S'",
        "HOLDFAST_RUNNER_PROGRESS_EVERY, PT20S, 'HOLDFAST_RUNNER_PROGRESS_EVERY is PT20S, expected more than PT0S and at most a third'",
        "HOLDFAST_RUNNER_TIME_LIMIT, PT0S, 'HOLDFAST_RUNNER_TIME_LIMIT is PT0S, expected more than PT0S'",
        "HOLDFAST_RUNNER_TIME_LIMITS, big, 'HOLDFAST_RUNNER_TIME_LIMITS holds ''big'', expected STANZA=DURATION'",
        "HOLDFAST_RUNNER_TIME_LIMITS, big=2h, 'HOLDFAST_RUNNER_TIME_LIMITS is ''2h'', expected an ISO-8601 duration'",
        "HOLDFAST_RUNNER_TIME_LIMITS, other=PT1H, 'HOLDFAST_RUNNER_TIME_LIMITS holds ''other=PT1H'', expected one of the stanzas served (big)'",
        "HOLDFAST_RUNNER_MARKER_TABLE, 'm; drop table x', 'HOLDFAST_RUNNER_MARKER_TABLE is ''m; drop table x'', expected a name'",
        "HOLDFAST_RUNNER_CHECK_EVERY, PT-1S, 'HOLDFAST_RUNNER_CHECK_EVERY is PT-1S, expected PT0S or more'",
        "HOLDFAST_RUNNER_CHECK_AFTER_FAILURE, yes, 'HOLDFAST_RUNNER_CHECK_AFTER_FAILURE is ''yes'', expected y or n'",
        "HOLDFAST_RUNNER_MARK_EVERY, PT-1S, 'HOLDFAST_RUNNER_MARK_EVERY is PT-1S, expected PT0S or more'",
    })
    void aWrongValueIsNamedWithItsVariableAndWhatWasExpected(String variable, String value, String message) {
        Map<String, String> environment = new HashMap<>(Map.of("HOLDFAST_RUNNER_STANZAS", "big"));
        environment.put(variable, value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunnerSettings.from(environment))
                .withMessageContaining(message);
    }
}
