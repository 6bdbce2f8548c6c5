package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.reference.ModuleSources;
import dev.holdfast.testsupport.reference.ReferencePage;
import dev.holdfast.testsupport.reference.SettingsTable;
import dev.holdfast.testsupport.reference.SpringSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

/** {@code docs/reference} says what the catalog's code says. */
class ReferenceTest {

    @Test
    void thePageOfSettingsHasEveryPropertyOfTheCatalog() {
        SettingsTable table =
                SettingsTable.of(SpringSettings.of("catalog-service").settings("catalog.", "holdfast.access."));

        Set<String> known = Stream.of(table, SettingsTable.of("schemas", Set.of()))
                .flatMap(settings -> settings.settings().stream())
                .map(SettingsTable.Setting::variable)
                .collect(Collectors.toSet());
        assertThat(table.settings()).hasSizeGreaterThan(15);
        assertThat(ModuleSources.of("catalog-service").texts().keySet())
                .filteredOn(text -> text.matches("HOLDFAST_[A-Z0-9_]+"))
                .as("variables that the code names, and no page")
                .isSubsetOf(known);
        ReferencePage.section("settings.md", "catalog").holds(table.text());
    }

    @Test
    void thePageOfErrorsHasEveryKindOfProblem() {
        Map<String, String> inCode = new TreeMap<>();
        ModuleSources.of("catalog-service").problems().forEach((type, status) -> inCode.put(type, statusOf(status)));
        List<List<String>> rows =
                ReferencePage.section("errors.md", "problems of the catalog").rows();
        Map<String, String> onThePage = new TreeMap<>();
        rows.forEach(row -> onThePage.put(row.get(0), row.get(1)));

        assertThat(onThePage).isEqualTo(inCode);
        assertThat(rows).allSatisfy(row -> assertThat(row.get(2)).isNotBlank());
    }

    private static String statusOf(String constant) {
        return String.valueOf(HttpStatus.valueOf(constant).value());
    }
}
