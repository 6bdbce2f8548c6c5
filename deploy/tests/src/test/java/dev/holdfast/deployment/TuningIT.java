package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on tuning names defaults: they are those of the pgBackRest that is installed. */
class TuningIT {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(?<option>[a-z0-9-]+)` \\| `(?<default>[^`]+)` \\|");

    @Test
    void theDefaultsOnThePageAreThoseOfPgbackrest() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("holdfast.root"), "docs/tuning.md"));
        Map<String, String> onThePage = new HashMap<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            onThePage.put(row.group("option"), row.group("default"));
        }

        assertThat(onThePage).hasSizeGreaterThan(5);
        onThePage.forEach((option, value) -> assertThat(Command.output(
                        List.of("pgbackrest", "help", "backup", option.replaceFirst("^repo1-", "repo-"))))
                .as(option)
                .containsPattern("(?m)^default: " + Pattern.quote(value) + "$"));
    }
}
