package dev.holdfast.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever searches the page on troubleshooting for a message of ours finds it, because it is quoted as the code says it. */
class TroubleshootingTest {

    private static final Path PAGE = Checkout.root().resolve("docs/troubleshooting.md");
    private static final Pattern OWN = Pattern.compile("(?s)<!-- messages -->(.*?)<!-- end of messages -->");
    private static final Pattern QUOTED = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    @Test
    void everyMessageOfOursThatThePageExplainsIsInTheCode() throws IOException {
        String code = code();
        List<String> invented = new ArrayList<>();
        int quoted = 0;
        Matcher own = OWN.matcher(Files.readString(PAGE));
        while (own.find()) {
            List<String> messages = QUOTED.matcher(own.group(1))
                    .results()
                    .map(row -> row.group(1))
                    .toList();
            quoted += messages.size();
            messages.stream().filter(message -> !isSaid(message, code)).forEach(invented::add);
        }

        assertThat(quoted).isGreaterThan(25);
        assertThat(invented).as("messages that no code says").isEmpty();
    }

    private static boolean isSaid(String message, String code) {
        return Arrays.stream(message.split("…")).map(String::strip).allMatch(code::contains);
    }

    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String folder : List.of(
                "schemas/src/main",
                "scheduler-service/src/main",
                "runner-service/src/main",
                "validator-service/src/main",
                "catalog-service/src/main",
                "cli/src/main",
                "deploy/local/lib")) {
            try (Stream<Path> tree = Files.walk(Checkout.root().resolve(folder))) {
                tree.filter(file -> file.toString().matches(".*\\.(java|sh)")).forEach(file -> code.append(text(file)));
            }
        }
        return code.toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
