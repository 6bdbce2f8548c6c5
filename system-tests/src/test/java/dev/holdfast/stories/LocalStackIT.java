package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A newcomer's first two minutes: {@code ./holdfast up}, a look around, {@code ./holdfast down}. */
@Order(Stories.ALONE)
class LocalStackIT {

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
    void upProvesTheSampleAndDownLeavesNothing() {
        Command.Ended up = holdfast("up", "--yes");

        assertThat(up.exitCode()).as("%s", up).isZero();
        Map<String, String> addresses = addresses();
        assertThatTheSampleIsProven(addresses.getOrDefault("HOLDFAST_CATALOG", ""));
        assertThat(holdfast("status").exitCode()).isZero();
        String pids = holdfast("pids").stdout();
        assertThat(pids.lines()).hasSizeGreaterThanOrEqualTo(8).allMatch(line -> line.matches("\\S+ [0-9]+"));
        assertThatASecondUpChangesNothing(pids, addresses);
        assertThatDownLeavesNothing(pids);
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

    private void assertThatDownLeavesNothing(String pids) {
        Command.Ended down = holdfast("down", "--purge");
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

    private Command.Ended holdfast(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("holdfast.root"), "holdfast").toString()));
        command.addAll(Arrays.asList(arguments));
        return Command.run(command, environment);
    }
}
