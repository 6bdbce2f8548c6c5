package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The programs of {@code examples/}, which other teams begin with, over everything that the stories have left in the log. */
@Order(Stories.AFTER_THE_OTHERS)
@ExtendWith(StackExtension.class)
class ForeignConsumersIT {

    private static final Set<String> TOPICS = Set.of(
            "holdfast.backup.requests",
            "holdfast.controls",
            "holdfast.backup.events",
            "holdfast.repository.events",
            "holdfast.restore-test.requests",
            "holdfast.restore-test.events",
            "holdfast.policy.events");
    private static final Path EXAMPLES = Path.of(System.getProperty("holdfast.root"), "examples");

    private final Stack stack;
    private final ObjectMapper json = new ObjectMapper();

    ForeignConsumersIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void theJavaExamplePrintsEachFactOnce() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = EXAMPLES.resolve("java/target/app/audit-trail.jar");

        assertThatEachFactIsPrintedOnce("java", List.of(java.toString(), "-jar", jar.toString()));
    }

    @Test
    void theNodeExamplePrintsEachFactOnce() throws IOException {
        Path copy = Files.createDirectories(stack.folder().resolve("node-example"));
        for (String file : List.of("package.json", "package-lock.json", "audit-trail.js", "schemas.js")) {
            Files.copy(EXAMPLES.resolve("node").resolve(file), copy.resolve(file));
        }
        Command.output(List.of("npm", "ci", "--no-audit", "--no-fund", "--prefix", copy.toString()));

        assertThatEachFactIsPrintedOnce(
                "node", List.of("node", copy.resolve("audit-trail.js").toString()));
    }

    private void assertThatEachFactIsPrintedOnce(String name, List<String> command) {
        stack.backup("adhoc");
        List<String> facts = facts();
        Path output = stack.folder().resolve(name + "-consumer.out");
        Process consumer = start(command, output);
        try {
            Patience.until(
                    "every fact printed", () -> assertThat(printed(output)).containsAll(facts));
            assertThat(printed(output)).doesNotHaveDuplicates();
        } finally {
            end(consumer);
        }
        assertThat(consumer.exitValue()).as("%s", output).isIn(0, 128 + 15);
    }

    /** The ids of all events that were in the log before the consumer started. */
    private List<String> facts() {
        return stack.log().all().stream()
                .filter(event -> TOPICS.contains(event.topic()))
                .map(event -> event.text("eventId"))
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet())
                .stream()
                .toList();
    }

    private List<String> printed(Path output) {
        try {
            return Files.readString(output)
                    .lines()
                    // the last line may be half written
                    .filter(line -> line.startsWith("{") && line.endsWith("}"))
                    .map(line -> parsed(line).path("eventId").asText())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode parsed(String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    private Process start(List<String> command, Path output) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(
                            output.resolveSibling(output.getFileName() + ".err").toFile());
            builder.environment().putAll(stack.environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
