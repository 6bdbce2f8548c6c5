package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.Machine;
import dev.holdfast.testsupport.outside.Page;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A newcomer's first minutes, by the words of {@code docs/get-started.md}: {@code ./holdfast up}, a look around, {@code ./holdfast down}. */
@Order(Stories.AFTER_THE_STACK)
class LocalStackIT {

    private static final Path ROOT = Path.of(System.getProperty("holdfast.root"));
    private static final List<String> PORTS = List.of(
            "HOLDFAST_KAFKA_PORT",
            "HOLDFAST_KAFKA_CONTROLLER_PORT",
            "HOLDFAST_REGISTRY_PORT",
            "HOLDFAST_REGISTRY_MANAGEMENT_PORT",
            "HOLDFAST_CATALOG_DB_PORT",
            "HOLDFAST_SAMPLE_PORT",
            "HOLDFAST_CATALOG_PORT",
            "HOLDFAST_SCHEDULER_PORT",
            "HOLDFAST_RUNNER_PORT",
            "HOLDFAST_VALIDATOR_PORT");
    /** The exit status by which a shell says that a signal ended it. */
    private static final int INTERRUPTED = 130;

    private static final Pattern EXPORT = Pattern.compile("export (HOLDFAST_[A-Z_]+)='(.*)'");

    private Path parent = Path.of("");
    private Path home = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void anEmptyHomeAndFreePorts() throws IOException {
        parent = Files.createTempDirectory("holdfast-home-");
        // the database user must be able to pass
        assertThat(parent.toFile().setExecutable(true, false)).isTrue();
        home = parent.resolve("stack");
        environment.put("HOLDFAST_HOME", home.toString());
        PORTS.forEach(port -> environment.put(port, String.valueOf(FreePorts.next())));
    }

    @AfterEach
    void down() throws IOException {
        holdfast("down", "--purge");
        Files.deleteIfExists(parent);
    }

    @Test
    void thePageLeadsFromUpWhichProvesTheSampleToDownWhichLeavesNothing() throws IOException {
        List<String> page = Page.steps("get-started.md").stream()
                .map(step -> ((Page.Commands) step).text())
                .toList();
        Path callersLock = Files.createFile(parent.resolve("lock"));
        Command.Ended up = shellHolding(callersLock, page.getFirst());
        Files.delete(callersLock);

        assertThat(up.exitCode()).as("%s", up).isZero();
        Map<String, String> addresses = addresses();
        assertThatTheSampleIsProven(addresses.getOrDefault("HOLDFAST_CATALOG", ""));
        Command.Ended around = shell(String.join("", page.subList(1, page.size() - 1)));
        assertThat(around.exitCode()).as("%s", around).isZero();
        String pids = holdfast("pids").stdout();
        assertThat(pids.lines()).hasSizeGreaterThanOrEqualTo(8).allMatch(line -> line.matches("\\S+ [0-9]+"));
        assertThat(Machine.processesThatHold(callersLock)).isEmpty();
        assertThatASecondUpChangesNothing(pids, addresses);
        assertThatDownLeavesNothing(page.getLast(), pids);
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsHolderAndNothingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("HOLDFAST_CATALOG_PORT", String.valueOf(taken.getLocalPort()));

            Command.Ended up = holdfast("up", "--yes");

            assertThat(up.exitCode()).as("%s", up).isNotZero();
            assertThat(up.stderr())
                    .contains(String.valueOf(taken.getLocalPort()))
                    .contains("HOLDFAST_CATALOG_PORT")
                    .contains("java");
            assertThat(holdfast("pids").stdout()).isEmpty();
        }
    }

    @Test
    void whatAnInterruptedUpHasStartedTheNextGoesOnWith() throws IOException, InterruptedException {
        Path screen = parent.resolve("screen");
        Process up = start(screen, "up", "--yes", "--no-sample");
        try {
            Patience.until(
                    "the broker of the first try",
                    () -> assertThat(Files.readString(screen)).contains("Kafka broker"));
        } finally {
            up.destroy();
        }
        assertThat(up.waitFor()).isEqualTo(INTERRUPTED);
        assertThat(Files.readString(screen)).contains("interrupted").contains("./holdfast up goes on from here");
        Files.delete(screen);
        String broker = pidOf("broker");

        Command.Ended next = holdfast("up", "--yes", "--no-sample");

        assertThat(next.exitCode()).as("%s", next).isZero();
        assertThat(pidOf("broker")).isEqualTo(broker).isNotEmpty();
        assertThat(pidOf("catalog")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("unusableConfigurations")
    void aConfigurationThatCannotWorkIsExplainedAndNothingIsStarted(String text, List<String> explained)
            throws IOException {
        Path file = Files.writeString(parent.resolve("pgbackrest.conf"), text);
        try {
            Command.Ended up = holdfast("up", "--yes", "--config", file.toString());

            assertThat(up.exitCode()).as("%s", up).isEqualTo(1);
            assertThat(up.stderr()).contains(explained);
            assertThat(holdfast("pids").stdout()).isEmpty();
        } finally {
            Files.delete(file);
        }
    }

    static Stream<Arguments> unusableConfigurations() {
        return Stream.of(
                Arguments.of("[global]\nrepo1-path=/nowhere\n", List.of("names no stanza", "pg1-path=")),
                Arguments.of(
                        "[main]\npg1-path=/nowhere/data\n",
                        List.of("stanza main", "no cluster", "/nowhere/data", "show data_directory")));
    }

    @Test
    void aStoppedClusterAndAMissingRepositoryAreNamedWithTheirRemedy() {
        try (PostgresCluster cluster = PostgresCluster.builder().archiving().start();
                PgBackRestRepository repository = PgBackRestRepository.configured(cluster, "main", Map.of())) {
            String configuration = repository.configuration().toString();

            assertThat(holdfast("up", "--yes", "--config", configuration).stderr())
                    .contains("has nothing of this stanza", "stanza-create");
            cluster.stop();
            assertThat(holdfast("up", "--yes", "--config", configuration).stderr())
                    .contains("is not running", "pg_ctl");
        }
        assertThat(holdfast("pids").stdout()).isEmpty();
    }

    @Test
    void aDiskThatIsTooSmallIsNamedBeforeAnythingIsStarted() {
        // a mount namespace of its own: the small disk ends with the command
        String script = "mount -t tmpfs -o size=100m,mode=0711 tmpfs %s && exec %s up --yes"
                .formatted(parent, command().getFirst());

        Command.Ended up = Command.run(List.of("unshare", "--mount", "sh", "-c", script), environment);

        assertThat(up.exitCode()).as("%s", up).isEqualTo(1);
        assertThat(up.stderr()).contains("only 100 MB are free", "HOLDFAST_HOME");
        assertThat(home).doesNotExist();
    }

    private void assertThatTheSampleIsProven(String catalog) {
        JsonNode backups =
                new Http(catalog).get("/api/v1/backups?stanza=mcpgov").json().path("items");
        assertThat(backups).isNotEmpty();
        assertThat(backups.path(0).path("proof").path("verdict").asText())
                .as("%s", backups)
                .isEqualTo("PASSED");
    }

    private void assertThatASecondUpChangesNothing(String pids, Map<String, String> addresses) {
        Command.Ended again = holdfast("up", "--yes");
        assertThat(again.exitCode()).as("%s", again).isZero();
        assertThat(holdfast("pids").stdout()).isEqualTo(pids);
        assertThat(addresses()).isEqualTo(addresses);
    }

    private void assertThatDownLeavesNothing(String command, String pids) {
        Command.Ended down = shell(command);
        assertThat(down.exitCode()).as("%s", down).isZero();
        assertThat(home).doesNotExist();
        assertThat(Machine.processesThatName(home.toString())).isEmpty();
        assertThat(Machine.containersThatMount(home)).isEmpty();
        // an ended process is in the table until its parent, the machine's first process, has taken note
        Patience.until(
                "no process left",
                () -> assertThat(pids.lines()
                                .map(line -> line.substring(line.indexOf(' ') + 1))
                                .map(Long::parseLong))
                        .allMatch(pid -> ProcessHandle.of(pid).isEmpty()));
    }

    private Map<String, String> addresses() {
        Map<String, String> addresses = new HashMap<>();
        Matcher export = EXPORT.matcher(holdfast("env").stdout());
        while (export.find()) {
            addresses.put(export.group(1), export.group(2));
        }
        assertThat(addresses)
                .containsKeys(
                        "HOLDFAST_KAFKA",
                        "HOLDFAST_REGISTRY",
                        "HOLDFAST_CATALOG",
                        "HOLDFAST_SCHEDULER",
                        "HOLDFAST_CATALOG_DB",
                        "HOLDFAST_STANZA",
                        "HOLDFAST_PGBACKREST_CONFIG",
                        "HOLDFAST_REPO",
                        "HOLDFAST_PG_URL",
                        "HOLDFAST_PG_DATA",
                        "HOLDFAST_PG_OSUSER");
        return addresses;
    }

    /** Empty where it does not run. */
    private String pidOf(String part) {
        return holdfast("pids")
                .stdout()
                .lines()
                .filter(line -> line.startsWith(part + " "))
                .findFirst()
                .orElse("");
    }

    private Command.Ended holdfast(String... arguments) {
        return Command.run(command(arguments), environment);
    }

    /** Commands of a page, as somebody types them in the checkout. */
    private Command.Ended shell(String script) {
        return shellHolding(Path.of("/dev/null"), script);
    }

    /** With a file open that the commands have nothing to do with, as a caller's lock is. */
    private Command.Ended shellHolding(Path file, String script) {
        return Command.run(
                List.of("bash", "-euc", "cd \"$1\" && exec 7<\"$0\"\n" + script, file.toString(), ROOT.toString()),
                environment);
    }

    private Process start(Path screen, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("holdfast").toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
