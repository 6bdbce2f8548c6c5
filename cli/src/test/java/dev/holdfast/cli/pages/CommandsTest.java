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

/** Commands on the pages for operators are run by a test, or the page says, at the block or above it, what is not run. */
class CommandsTest {

    private static final String COMMANDS = " *```(sh|bash|shell|console)\\b.*";
    private static final Pattern NOT_RUN =
            Pattern.compile("(?i)not run|no command of this page|that is not marked otherwise");
    private static final String MARKED = " *```sh (run( .*)?|not run: .{10,})";

    @Test
    void everyBlockOfCommandsIsRunByATestOrThePageSaysWhyNot() throws IOException {
        List<String> silent = new ArrayList<>();
        int blocks = 0;
        Path docs = Checkout.root().resolve("docs");
        try (Stream<Path> tree = Files.walk(docs)) {
            for (Path page :
                    tree.filter(file -> file.toString().endsWith(".md")).toList()) {
                List<String> lines = Files.readAllLines(page);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).matches(COMMANDS)) {
                        blocks++;
                        if (!lines.get(i).matches(MARKED) && !saysSo(lines.subList(0, i))) {
                            silent.add("%s:%d %s".formatted(docs.relativize(page), i + 1, lines.get(i)));
                        }
                    }
                }
            }
        }

        assertThat(blocks).isGreaterThan(15);
        assertThat(silent)
                .as("blocks that are neither run nor 'sh not run: REASON', on pages that don't say so above")
                .isEmpty();
    }

    private static boolean saysSo(List<String> above) {
        return NOT_RUN.matcher(String.join(" ", above)).find();
    }
}
