package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.scheduler.gate.Caps;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SchedulerSettingsTest {

    private static final String PREFIX = "holdfast.scheduler.";

    private static SchedulerSettings bound(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("holdfast.scheduler", SchedulerSettings.class);
    }

    @Test
    void nothingIsCappedUnlessItIsSet() {
        assertThat(bound(Map.of()).caps()).isEqualTo(Caps.NONE);
        // as an environment without the variable leaves it
        assertThat(bound(Map.of(PREFIX + "max-running-in-pools", "")).caps()).isEqualTo(Caps.NONE);
    }

    @Test
    void capsAreReadOverAllForEachPoolAndByPool() {
        SchedulerSettings settings = bound(Map.of(
                PREFIX + "max-running", "20",
                PREFIX + "max-running-per-pool", "4",
                PREFIX + "max-running-in-pools", "db1=2, db2 = 0"));

        assertThat(settings.caps()).isEqualTo(new Caps(20, 4, Map.of("db1", 2, "db2", 0)));
    }

    @Test
    void aCapThatIsNoneIsRefusedWithWhatWasExpected() {
        for (String wrong : List.of("db1", "db1=many", "=3", "db1=-1")) {
            SchedulerSettings settings = bound(Map.of(PREFIX + "max-running-in-pools", wrong));
            assertThatThrownBy(settings::caps)
                    .as(wrong)
                    .hasMessageContaining("HOLDFAST_SCHEDULER_MAX_RUNNING_IN_POOLS")
                    .hasMessageContaining("db1=2,db2=4");
        }
    }
}
