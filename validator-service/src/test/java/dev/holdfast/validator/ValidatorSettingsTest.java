package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorSettingsTest {

    @Test
    void theDefaultsAreAsDocumented() {
        ValidatorSettings settings = ValidatorSettings.from(Map.of("HOLDFAST_VALIDATOR_STANZAS", "shop, bank"));

        assertThat(settings.stanzas()).isEqualTo(List.of("shop", "bank"));
        assertThat(settings.configuration()).isEqualTo(Path.of("/etc/pgbackrest.conf"));
        assertThat(settings.state()).isEqualTo(Path.of("./state/validator"));
        assertThat(settings.timeLimit()).isEqualTo(Duration.ofHours(12));
        assertThat(settings.maxConcurrent()).isEqualTo(2);
        assertThat(settings.sandbox().kind()).isEqualTo(ValidatorSettings.Kind.DOCKER);
        assertThat(settings.sandbox().image()).isEqualTo("holdfast/sandbox:15");
        assertThat(settings.sandbox().memoryBytes()).isEqualTo(1L << 30);
        assertThat(settings.sandbox().diskBytes()).isEqualTo(1L << 40);
        assertThat(settings.sandbox().processes()).isEqualTo(256);
        assertThat(settings.sandbox().role()).isEqualTo("postgres");
        assertThat(settings.pool()).isEqualTo(settings.instance()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_VALIDATOR_STANZAS,",
        "HOLDFAST_VALIDATOR_STANZAS,../evil",
        "HOLDFAST_SANDBOX,podman",
        "HOLDFAST_SANDBOX_MEMORY,much",
        "HOLDFAST_SANDBOX_CPUS,0",
        "HOLDFAST_SANDBOX_VOLUMES,repository",
        "HOLDFAST_SANDBOX_VOLUMES,var/lib/pgbackrest=repository",
        "HOLDFAST_SANDBOX_VOLUMES,/var/lib/pgbackrest=/etc",
        "HOLDFAST_VALIDATOR_VERIFY_EVERY,daily",
        "HOLDFAST_VALIDATOR_VERIFY_LIMIT,-PT1S",
        "HOLDFAST_VALIDATOR_COUNT_LIMIT,PT0S",
        "HOLDFAST_VALIDATOR_TIME_LIMIT,12h",
        "HOLDFAST_VALIDATOR_TIME_LIMIT,PT0S"
    })
    void aWrongValueStopsTheStartAndNamesItsVariable(String name, @Nullable String value) {
        Map<String, String> environment = new HashMap<>(Map.of("HOLDFAST_VALIDATOR_STANZAS", "shop"));
        environment.put(name, value == null ? "" : value);

        assertThatThrownBy(() -> ValidatorSettings.from(environment)).hasMessageContaining(name);
    }

    @Test
    void podsNeedAClaimThatHoldsTheRepository() {
        Map<String, String> environment =
                new HashMap<>(Map.of("HOLDFAST_VALIDATOR_STANZAS", "shop", "HOLDFAST_SANDBOX", "kubernetes"));

        assertThatThrownBy(() -> ValidatorSettings.from(environment)).hasMessageContaining("HOLDFAST_SANDBOX_CLAIM");

        environment.put("HOLDFAST_SANDBOX_CLAIM", "backups");
        assertThat(ValidatorSettings.from(environment).sandbox().site().claim()).contains("backups");

        environment.put("HOLDFAST_SANDBOX_CLAIM", "none");
        assertThat(ValidatorSettings.from(environment).sandbox().site().claim()).isEmpty();
    }

    @Test
    void sizesTakeUnits() {
        ValidatorSettings settings = ValidatorSettings.from(Map.of(
                "HOLDFAST_VALIDATOR_STANZAS", "shop",
                "HOLDFAST_SANDBOX_MEMORY", "512m",
                "HOLDFAST_SANDBOX_DISK", "1000"));

        assertThat(settings.sandbox().memoryBytes()).isEqualTo(512L << 20);
        assertThat(settings.sandbox().diskBytes()).isEqualTo(1000);
    }
}
