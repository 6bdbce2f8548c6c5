package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.testsupport.reference.AskedVariables;
import dev.holdfast.testsupport.reference.CodeTable;
import dev.holdfast.testsupport.reference.ModuleSources;
import dev.holdfast.testsupport.reference.ReferencePage;
import dev.holdfast.testsupport.reference.SettingsTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/reference} says what the runner's code says. */
class ReferenceTest {

    private static final Map<String, String> REQUIRED = Map.of("HOLDFAST_RUNNER_STANZAS", "main");

    private final SettingsTable table = SettingsTable.of("runner-service", Set.of());

    @Test
    void thePageOfSettingsHasEveryVariableThatTheRunnerReads() {
        AskedVariables environment = new AskedVariables(REQUIRED);
        RunnerSettings.from(environment);

        assertThat(table.settings())
                .extracting(SettingsTable.Setting::variable)
                .containsExactlyInAnyOrderElementsOf(environment.names());
        ReferencePage.section("settings.md", "runner").holds(table.text());
    }

    @Test
    void theDefaultsThatAreWrittenDownAreThoseInForce() {
        Map<String, String> written = new HashMap<>(REQUIRED);
        table.settings().stream()
                .filter(setting -> !setting.value().isEmpty())
                .forEach(setting -> written.put(setting.variable(), setting.value()));

        assertThat(RunnerSettings.from(written)).isEqualTo(RunnerSettings.from(REQUIRED));
    }

    @Test
    void thePageOfErrorsHasEveryReasonForWhichNothingIsRun() {
        List<ModuleSources.Commented> reasons =
                ModuleSources.of("runner-service").enumConstants("Rejection");

        ReferencePage.section("errors.md", "rejections")
                .holds(CodeTable.of(reasons, "tried again by the policy", reason -> "no"));
    }

    @Test
    void thePageOfErrorsHasEverySortOfFailure() {
        List<ModuleSources.Commented> categories =
                ModuleSources.of("runner-service").enumConstants("Category");

        ReferencePage.section("errors.md", "failures")
                .holds(CodeTable.of(
                        categories,
                        "tried again by the policy",
                        category -> Category.valueOf(category).retryable() ? "yes" : "no"));
    }
}
