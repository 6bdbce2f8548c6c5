package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BreachCause;
import dev.holdfast.events.QueueCause;
import dev.holdfast.events.SlotOutcome;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.testsupport.reference.ModuleSources;
import dev.holdfast.testsupport.reference.ReferencePage;
import dev.holdfast.testsupport.reference.SettingsTable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/reference} says what the command line's code says, and what the contract's does that all programs share. */
class WrittenReferenceTest {

    private final SettingsTable everywhere = SettingsTable.of("schemas", Set.of());

    @Test
    void thePageOfSettingsHasWhatEveryProgramReads() {
        ReferencePage.section("settings.md", "every program").holds(everywhere.text());
    }

    @Test
    void thePageOfSettingsHasEveryVariableOfTheCommandLine() {
        SettingsTable own = SettingsTable.of("cli", Set.of());

        ReferencePage.section("settings.md", "command line").holds(own.text());
    }

    @Test
    void thePageOfErrorsHasEveryExitStatus() {
        StringBuilder table = new StringBuilder("| status | means |\n|---|---|\n");
        for (ModuleSources.Commented status : ModuleSources.of("cli").enumConstants("ExitStatus")) {
            table.append("| `%d` | %s |\n"
                    .formatted(ExitStatus.valueOf(status.name()).code(), status.text()));
        }

        ReferencePage.section("errors.md", "exit statuses").holds(table.toString());
    }

    /** The schemas have no words for single symbols, so the page has them, and this holds it to be complete. */
    @ParameterizedTest
    @MethodSource("reasons")
    void thePageOfErrorsHasEveryReasonOfTheContract(String section, List<Enum<?>> symbols) {
        List<List<String>> rows = ReferencePage.section("errors.md", section).rows();

        assertThat(rows)
                .extracting(List::getFirst)
                .containsExactlyInAnyOrderElementsOf(symbols.stream()
                        .map(Enum::name)
                        .filter(symbol -> !symbol.equals("UNKNOWN"))
                        .toList());
        assertThat(rows).allSatisfy(row -> assertThat(row).hasSize(3).noneMatch(String::isBlank));
    }

    static List<Arguments> reasons() {
        return List.of(
                of("unserved", UnservedReason.values()),
                of("slots", SlotOutcome.values()),
                of("queue", QueueCause.values()),
                of("breaches", BreachCause.values()));
    }

    private static Arguments of(String section, Enum<?>[] symbols) {
        return Arguments.of(section, Arrays.asList(symbols));
    }
}
