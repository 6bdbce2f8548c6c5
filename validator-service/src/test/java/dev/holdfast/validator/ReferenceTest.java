package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.reference.AskedVariables;
import dev.holdfast.testsupport.reference.CodeTable;
import dev.holdfast.testsupport.reference.ModuleSources;
import dev.holdfast.testsupport.reference.ReferencePage;
import dev.holdfast.testsupport.reference.SettingsTable;
import dev.holdfast.testsupport.reference.SpringSettings;
import dev.holdfast.validator.proof.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/reference} says what the validator's code says. */
class ReferenceTest {

    private static final Map<String, String> REQUIRED = Map.of("HOLDFAST_VALIDATOR_STANZAS", "main");
    /** By it a sandbox of plain processes is found: set by the validator, never read. */
    private static final Set<String> NO_SETTING = Set.of("HOLDFAST_SANDBOX_WORKSPACE");

    private final SettingsTable own = SettingsTable.of("validator-service", NO_SETTING);

    @Test
    void thePageOfSettingsHasEveryVariableThatTheValidatorReads() {
        AskedVariables environment = new AskedVariables(REQUIRED);
        ValidatorSettings.from(environment);
        List<SettingsTable.Setting> all = new ArrayList<>(own.settings());
        all.addAll(SpringSettings.of("validator-service").settings());

        assertThat(own.settings())
                .extracting(SettingsTable.Setting::variable)
                .containsExactlyInAnyOrderElementsOf(environment.names());
        ReferencePage.section("settings.md", "validator")
                .holds(SettingsTable.of(all).text());
    }

    @Test
    void theDefaultsThatAreWrittenDownAreThoseInForce() {
        Map<String, String> written = new HashMap<>(REQUIRED);
        own.settings().stream()
                .filter(setting -> !setting.value().isEmpty())
                .forEach(setting -> written.put(setting.variable(), setting.value()));

        // what it holds of volumes has no equality of its own
        assertThat(ValidatorSettings.from(written))
                .usingRecursiveComparison()
                .isEqualTo(ValidatorSettings.from(REQUIRED));
    }

    @Test
    void thePageOfErrorsHasEveryReasonOfAVerdict() {
        List<ModuleSources.Commented> reasons =
                ModuleSources.of("validator-service").enumConstants("Reason");

        ReferencePage.section("errors.md", "verdicts")
                .holds(CodeTable.of(
                        reasons,
                        "verdict",
                        reason -> Reason.valueOf(reason).verdict().name()));
    }
}
