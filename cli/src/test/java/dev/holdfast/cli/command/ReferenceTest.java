package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.HoldfastCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code docs/cli.md} says what the commands themselves say. */
class ReferenceTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "cli.md");
    private static final String BEGIN =
            "<!-- From here on: every command's own help, in its own words (ReferenceTest). -->\n";

    @Test
    void theReferencePageHoldsEveryCommandsOwnHelp() throws IOException {
        String page = Files.readString(PAGE);

        String own = page.substring(page.indexOf(BEGIN) + BEGIN.length());

        assertThat(own)
                .as("the end of docs/cli.md; take over the expected text, written to target/cli-reference.md")
                .isEqualTo(written(reference()));
    }

    private static String reference() {
        CommandLine root = CommandTree.tree(new HoldfastCommand(), Session.ofProcess(), List.of());
        StringBuilder text = new StringBuilder();
        for (CommandLine command : all(root)) {
            text.append("\n## ")
                    .append(command.getCommandSpec().qualifiedName())
                    .append("\n\n```text\n");
            command.getUsageMessage(Ansi.OFF)
                    .lines()
                    .forEach(line -> text.append(line.stripTrailing()).append('\n'));
            text.append("```\n");
        }
        return text.toString();
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> commands = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(sub -> commands.addAll(all(sub)));
        return commands;
    }

    private static String written(String reference) throws IOException {
        Path target = Path.of(System.getProperty("basedir", "."), "target", "cli-reference.md");
        Files.createDirectories(target.getParent());
        Files.writeString(target, reference);
        return reference;
    }
}
