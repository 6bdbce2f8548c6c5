package dev.holdfast.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    @Test
    void anOrdinaryRequestBreaksNoRule() {
        assertThat(RequestRules.brokenBy(
                        head("ada", "before the upgrade"), 2, Map.of("ticket", "OPS-1"), Map.of("process-max", "4")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "process-max, 1000, 'option process-max is ''1000'', expected a number from 1 to 999'",
        "process-max, 4;rm, 'option process-max is ''4;rm'', expected a number from 1 to 999'",
        "start-fast, yes, 'option start-fast is ''yes'', expected y or n'",
        "compress-type, zip, 'option compress-type is ''zip'', expected none, bz2, gz, lz4 or zst'",
    })
    void aValueThatAnOptionCannotTakeIsQuotedWithWhatItCan(String option, String value, String reason) {
        assertThat(brokenByOption(option, value)).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--repo1-path",
                "repo1-path",
                "pg1-path",
                "stanza",
                "annotation",
                "config",
                "",
                "process-max=9 --x"
            })
    void anOptionOutsideTheListIsRefusedWithTheList(String option) {
        assertThat(brokenByOption(option, "1").orElseThrow())
                .startsWith("option '" + option + "' cannot be set by a request; these can: archive-check");
    }

    @Test
    void aHostileNameIsShownShortAndWithoutControlCharacters() {
        String reason = brokenByOption("\u001b[31m" + "x".repeat(500), "1").orElseThrow();

        assertThat(reason).startsWith("option '?[31mxxx").hasSizeLessThan(300).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"-1", "257"})
    void aRepositoryThatPgbackrestCannotHaveIsNamed(int repository) {
        assertThat(RequestRules.brokenBy(head("ada", ""), repository, Map.of(), Map.of()))
                .contains("repository %d is none of pgBackRest's: it numbers them 1 to 256".formatted(repository));
    }

    @Test
    void aLabelThatIsTooLongIsNamed() {
        assertThat(brokenByLabels(Map.of("ticket", "x".repeat(257))))
                .contains("label 'ticket' is too long or has no name: names have 1 to 63 characters, values up to 256");
        assertThat(brokenByLabels(Map.of("", "x"))).isPresent();
        assertThat(brokenByLabels(Map.of("k".repeat(64), "x"))).isPresent();
    }

    @Test
    void tooManyLabelsAreCounted() {
        Map<String, String> labels =
                IntStream.range(0, 33).boxed().collect(Collectors.toMap(number -> "k" + number, number -> "v"));

        assertThat(brokenByLabels(labels)).contains("33 labels were given, at most 32 are taken");
    }

    @Test
    void aReasonOrANameThatIsTooLongIsCounted() {
        assertThat(RequestRules.brokenBy(head("ada", "x".repeat(2001)), 0, Map.of(), Map.of()))
                .contains("the reason has 2001 characters, at most 2000 are taken; shorten it");
        assertThat(RequestRules.brokenBy(head("a".repeat(257), ""), 0, Map.of(), Map.of()))
                .contains("the requester's name has 257 characters, at most 256 are taken");
    }

    private static Optional<String> brokenByOption(String option, String value) {
        return RequestRules.brokenBy(head("ada", ""), 0, Map.of(), Map.of(option, value));
    }

    private static Optional<String> brokenByLabels(Map<String, String> labels) {
        return RequestRules.brokenBy(head("ada", ""), 0, labels, Map.of());
    }

    private static RequestHead head(String principal, String reason) {
        return new RequestHead(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "demo",
                principal,
                "OIDC",
                "AD_HOC",
                reason,
                new Source(0, 0),
                Optional.empty());
    }
}
