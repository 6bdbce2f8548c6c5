package dev.holdfast.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Commands on the pages for operators are run by a test, or say there why they are not: each block, or the whole page in a
 * comment.
 */
class CommandsTest {

    private static final Pattern WHOLE_PAGE = Pattern.compile("(?m)^<!-- not run: .{10,} -->$");
    private static final String ALLOWED = " *```sh (run( host=\\w+)?|not run: .{10,})";

    @Test
    void everyBlockOfCommandsIsRunByATestOrSaysWhyNot() throws IOException {
        List<String> silent = new ArrayList<>();
        int blocks = 0;
        Path docs = Checkout.root().resolve("docs");
        try (Stream<Path> tree = Files.walk(docs)) {
            for (Path page :
                    tree.filter(file -> file.toString().endsWith(".md")).toList()) {
                List<String> lines = Files.readAllLines(page);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).strip().matches("```(sh|bash|shell|console)\\b.*")) {
                        blocks++;
                        if (!lines.get(i).matches(ALLOWED)
                                && !WHOLE_PAGE.matcher(String.join("\n", lines)).find()) {
                            silent.add("%s:%d %s".formatted(docs.relativize(page), i + 1, lines.get(i)));
                        }
                    }
                }
            }
        }

        assertThat(blocks).isGreaterThan(15);
        assertThat(silent)
                .as(
                        "blocks that are neither 'sh run' nor 'sh not run: REASON', on pages without a comment 'not run: REASON'")
                .isEmpty();
    }
}
