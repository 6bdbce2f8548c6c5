package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Somebody at a shell with Docker Compose: a project of its own with free ports and secrets, of which nothing is left once this
 * is closed. What a test that was killed has left is removed by the next one.
 */
final class ComposeStack implements AutoCloseable {

    private static final String PREFIX = "holdfast-it-";
    private static final Pattern OWNER = Pattern.compile(PREFIX + "(\\d+)-.*");
    private static final Path CHECKOUT = Path.of(System.getProperty("holdfast.root"));
    private static final List<String> PORTS = List.of(
            "HOLDFAST_DB_PORT",
            "HOLDFAST_KAFKA_PORT",
            "HOLDFAST_CATALOG_PORT",
            "HOLDFAST_SCHEDULER_PORT",
            "HOLDFAST_PROMETHEUS_PORT",
            "HOLDFAST_GRAFANA_PORT");
    private static final List<String> IMAGES =
            List.of("scheduler", "runner", "validator", "catalog", "cli", "postgres", "registry");

    private final String project;
    private final Path folder;
    private final Path shell;
    private final Map<String, String> environment = new HashMap<>();
    private final StringBuilder exports = new StringBuilder();

    private ComposeStack(String what, Path folder, Path shell) {
        this.project = PREFIX + ProcessHandle.current().pid() + "-" + what;
        this.folder = folder;
        this.shell = shell;
        environment.put("COMPOSE_PROJECT_NAME", project);
        environment.put("HOLDFAST_SECRETS", folder.resolve("secrets").toString());
        PORTS.forEach(port -> environment.put(port, String.valueOf(FreePorts.next())));
    }

    /** A project of that name, whose commands begin in the checkout. */
    static ComposeStack inTheCheckout(String what) throws IOException {
        return new ComposeStack(what, Files.createTempDirectory("holdfast-compose-"), CHECKOUT);
    }

    /** The same, whose commands begin in a folder of its own that has the checkout's deployment and scripts. */
    static ComposeStack inItsOwnFolder(String what) throws IOException {
        Path folder = Files.createTempDirectory("holdfast-compose-");
        Files.createSymbolicLink(folder.resolve("deploy"), CHECKOUT.resolve("deploy"));
        Files.createSymbolicLink(folder.resolve("scripts"), CHECKOUT.resolve("scripts"));
        return new ComposeStack(what, folder, folder);
    }

    /** Removes what killed tests have left, and builds the images that are not current. */
    void prepare() {
        removeOrphans();
        // one by one: each has its own five minutes on a busy machine
        IMAGES.forEach(image ->
                Command.output(List.of(CHECKOUT.resolve("deploy/images/build").toString(), image)));
    }

    /** A folder of its own, which is gone with it. */
    Path folder() {
        return folder;
    }

    /** The prefix of its volumes and networks. */
    String project() {
        return project;
    }

    /** The name of one of its networks, which is made as Compose makes it where it is not there yet. */
    String network(String name) {
        String full = project + "_" + name;
        if (run("docker network inspect " + full).exitCode() != 0) {
            output(
                    "docker network create --label com.docker.compose.project=%s --label com.docker.compose.network=%s %s"
                            .formatted(project, name, full));
        }
        return full;
    }

    /** Does what a page says, as in one shell: what an earlier block has exported holds in later ones. */
    void follow(Page.Step step, String given) {
        switch (step) {
            case Page.Commands commands -> {
                output(commands.place(), exports + given + commands.text());
                commands.text()
                        .lines()
                        .filter(line -> line.startsWith("export "))
                        .forEach(line -> exports.append(line).append('\n'));
            }
            case Page.Content content -> write(shell.resolve(content.file()), content.text());
        }
    }

    /** Standard output of commands that must succeed. */
    String output(String script) {
        return output("the test's own command", script);
    }

    private String output(String place, String script) {
        Command.Ended ended = run(script);
        assertThat(ended.exitCode())
                .as("%s%n%s%n%s%s", place, script, ended.stdout(), ended.stderr())
                .isZero();
        return ended.stdout();
    }

    /** Runs commands in this project, whatever their status. */
    Command.Ended run(String script) {
        return Command.run(List.of("bash", "-euc", "cd \"$0\"\n" + exports + script, shell.toString()), environment);
    }

    /** What the database answers to a statement. */
    String sql(String statement) {
        return output("docker compose exec --no-TTY db psql -U postgres -d mcpgov -qAtXc \"%s\"".formatted(statement))
                .strip();
    }

    /** State by id of every request that the catalog knows. */
    Map<String, String> requests() {
        Map<String, String> states = new HashMap<>();
        for (JsonNode request : items("/api/v1/requests?stanza=mcpgov&limit=200")) {
            states.put(request.path("requestId").asText(), request.path("state").asText());
        }
        return states;
    }

    /** Asks the scheduler for a backup, without waiting for it, and gives the request's id. */
    String askForBackup() {
        return new Http("http://127.0.0.1:" + environment.get("HOLDFAST_SCHEDULER_PORT"))
                .postJson("/api/v1/backup-requests", "{\"stanza\": \"mcpgov\", \"type\": \"incr\"}")
                .json()
                .path("requestId")
                .asText();
    }

    /** What the catalog lists there. */
    JsonNode items(String path) {
        return new Http("http://127.0.0.1:" + environment.get("HOLDFAST_CATALOG_PORT"))
                .get(path)
                .json()
                .path("items");
    }

    /** Names of whatever the engine still has of this project. */
    List<String> leftovers() {
        return leftovers(project);
    }

    @Override
    public void close() {
        remove(project);
        deleteFolder();
    }

    private void deleteFolder() {
        Command.output(List.of("rm", "-rf", folder.toString()));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void removeOrphans() {
        Command.output(List.of("docker", "volume", "ls", "--format", "{{.Label \"com.docker.compose.project\"}}"))
                .lines()
                .distinct()
                .filter(name -> {
                    Matcher owner = OWNER.matcher(name);
                    return owner.matches()
                            && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty();
                })
                .forEach(ComposeStack::remove);
    }

    private static void remove(String project) {
        String script = Stream.of("container rm --force --volumes", "volume rm", "network rm")
                .map(removal -> "%s | xargs --no-run-if-empty docker %s >/dev/null"
                        .formatted(list(removal.split(" ", 2)[0], project), removal))
                .collect(Collectors.joining("\n"));
        Command.output(List.of("bash", "-euo", "pipefail", "-c", script));
    }

    private static List<String> leftovers(String project) {
        String script = Stream.of("container", "volume", "network")
                .map(kind -> list(kind, project))
                .collect(Collectors.joining("\n"));
        return Command.output(List.of("bash", "-euc", script)).lines().toList();
    }

    /** Volumes by their names: a page may have copied one. */
    private static String list(String kind, String project) {
        return switch (kind) {
            case "volume" -> "docker volume ls --quiet --filter name=%s_".formatted(project);
            case "container" ->
                "docker container ls --quiet --all --filter label=com.docker.compose.project=" + project;
            default -> "docker %s ls --quiet --filter label=com.docker.compose.project=%s".formatted(kind, project);
        };
    }
}
