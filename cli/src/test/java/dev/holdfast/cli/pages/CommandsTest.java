package dev.holdfast.cli.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Commands on the pages for operators: each block is marked {@code sh run} and a test follows its page, or it is marked {@code sh not run:
 * REASON}. Words elsewhere on the page count for nothing.
 */
class CommandsTest {

    private static final Set<String> SHELLS = Set.of("sh", "bash", "shell", "console", "zsh", "powershell", "ps1");
    private static final Pattern FENCE = Pattern.compile(" *```(?<language>[\\w-]*) ?(?<mark>.*)");
    private static final Pattern RUN = Pattern.compile("run(?: host=(?<host>\\w+))?(?: way=(?<way>\\w+))?");
    private static final Pattern NOT_RUN = Pattern.compile("not run: (?<reason>.{20,})");
    private static final Pattern FILE = Pattern.compile("file=\\S+(?: host=(?<host>\\w+))?(?: way=(?<way>\\w+))?");
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+(?:IT|Test)\\b");
    private static final Pattern COMMAND = Pattern.compile(
            " *(?:\\$ )?(?:sudo )?(?:docker|kubectl|holdfast|holdfast-runner|pgbackrest|runuser|psql|systemctl|apt-get|curl|openssl|\\./[a-z]+|deploy/[a-z]+/[a-z-]+|scripts/[a-z-]+\\S*) .*");

    private final List<Block> blocks = blocks();
    private final Map<String, String> tests = tests();

    /** A block on a page; indented text is one without a language. */
    private record Block(String page, int line, String language, String mark, List<String> text) {

        String place() {
            return "%s:%d ```%s %s".formatted(page, line, language, mark);
        }

        boolean ofAShell() {
            return SHELLS.contains(language);
        }
    }

    @Test
    void everyBlockOfCommandsSaysThatItIsRunOrWhyNot() {
        assertThat(blocks.stream().filter(Block::ofAShell)).hasSizeGreaterThan(60);
        assertThat(blocks.stream()
                        .filter(Block::ofAShell)
                        .filter(block -> !block.language().equals("sh")
                                || !(RUN.matcher(block.mark()).matches()
                                        || NOT_RUN.matcher(block.mark()).matches())))
                .extracting(Block::place)
                .as("blocks that are neither 'sh run' nor 'sh not run: REASON'")
                .isEmpty();
    }

    @Test
    void commandsAreInNoOtherKindOfBlock() {
        assertThat(blocks.stream()
                        .filter(block -> !block.ofAShell())
                        .filter(block -> block.text().stream()
                                .anyMatch(line -> COMMAND.matcher(line).matches())))
                .extracting(Block::place)
                .as("commands that no mark says anything about")
                .isEmpty();
    }

    @Test
    void whatIsMarkedAsRunIsFollowedByATest() {
        List<String> followed = new ArrayList<>();
        for (Block block : blocks) {
            Matcher run = (block.ofAShell() ? RUN : FILE).matcher(block.mark());
            if (run.matches()) {
                assertThat(tests.values())
                        .as("a test that follows %s", block.place())
                        .anyMatch(test -> follows(test, block.page(), run.group("host"), run.group("way")));
                followed.add(block.page());
            }
        }
        assertThat(followed).contains("guide/compose.md", "runbooks/restore.md", "operating.md", "troubleshooting.md");
    }

    /**
     * @param host one of several that the page is about; null where it is about one
     * @param way one of several that the page has; null where all have the block
     */
    private static boolean follows(String test, String page, @Nullable String host, @Nullable String way) {
        return test.contains("Page.steps(")
                && Stream.of(page, host, way)
                        .filter(Objects::nonNull)
                        .allMatch(name -> test.contains("\"%s\"".formatted(name)));
    }

    @Test
    void aReasonNamesNoTestThatIsNotThere() {
        List<String> named = blocks.stream()
                .map(block -> NOT_RUN.matcher(block.mark()))
                .filter(Matcher::matches)
                .flatMap(reason -> TEST.matcher(reason.group("reason")).results())
                .map(name -> name.group())
                .distinct()
                .toList();

        assertThat(named).isNotEmpty().allMatch(tests::containsKey, "is a test: " + tests.keySet());
    }

    private static List<Block> blocks() {
        Path docs = Checkout.root().resolve("docs");
        return below(docs, ".md")
                .flatMap(page -> blocks(docs.relativize(page).toString(), lines(page)).stream())
                .toList();
    }

    private static List<Block> blocks(String page, List<String> lines) {
        List<Block> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                List<String> text = lines.subList(i + 1, lines.size()).stream()
                        .takeWhile(line -> !line.strip().equals("```"))
                        .toList();
                found.add(new Block(page, i + 1, fence.group("language"), fence.group("mark"), text));
                i += text.size() + 1;
            } else if (lines.get(i).startsWith("    ")) {
                found.add(new Block(page, i + 1, "", "", List.of(lines.get(i))));
            }
        }
        return found;
    }

    /** The source of every test, by name. */
    private static Map<String, String> tests() {
        return modules()
                .map(module -> module.resolve("src/test/java"))
                .filter(Files::isDirectory)
                .flatMap(sources -> below(sources, ".java"))
                .collect(Collectors.toMap(
                        file -> String.valueOf(file.getFileName()).replace(".java", ""),
                        file -> String.join("\n", lines(file)),
                        (one, other) -> one + other,
                        TreeMap::new));
    }

    private static Stream<Path> modules() {
        return Stream.of(Checkout.root(), Checkout.root().resolve("deploy")).flatMap(CommandsTest::foldersIn);
    }

    private static Stream<Path> foldersIn(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(Files::isDirectory).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static Stream<Path> below(Path folder, String ending) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(ending)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
