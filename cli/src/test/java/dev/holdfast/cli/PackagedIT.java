package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line as a process of its own, against a real broker and a real registry. */
class PackagedIT {

    @TempDir
    private Path home = Path.of(".");

    @Test
    void theVersionIsThatOfTheJarAndNothingElseIsSaid() {
        Command.Ended ended = cli("--version").run();

        assertThat(ended.stdout()).matches("holdfast [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void anUnreachableCatalogEndsTheProcessWithThree() {
        Command.Ended ended = cli("list", "--catalog", "http://127.0.0.1:1").run();

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).hasLineCount(1).contains("cannot reach the catalog at http://127.0.0.1:1");
    }

    @Test
    void aRequestReachesKafkaInConfluentsWireFormatAndTheLogCanBeRead() {
        KafkaConnection connection =
                KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
        try (EventLog log = EventLog.open(connection)) {
            Command.Ended asked = cli("backup", "packaged", "--reason", "a test")
                    .env("HOLDFAST_KAFKA", connection.bootstrapServers())
                    .env("HOLDFAST_REGISTRY", connection.registry())
                    .run();

            BackupRequested request = log.await(
                    BackupRequested.class, requested -> requested.getStanza().equals("packaged"));
            assertThat(asked.exitCode()).isZero();
            assertThat(asked.stdout()).isEqualTo(request.getRequestId() + "\n");
            for (int i = 0; i < 50; i++) {
                log.publish(
                        Events.backupStarted("packaged", request.getRequestId()).build());
            }
            assertThatOneLineIsEnough(connection);
        }
    }

    /** A reader that has seen enough ends the pipe; that is no failure. */
    private void assertThatOneLineIsEnough(KafkaConnection connection) {
        Path jar = Path.of(System.getProperty("holdfast.root", "..")).resolve("cli/target/app/cli.jar");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Command.Ended piped = Command.run(
                List.of(
                        "bash",
                        "-c",
                        "set -o pipefail; '%s' -jar '%s' events --stanza packaged | head -n 1".formatted(java, jar)),
                Map.of(
                        "HOLDFAST_HOME", home.toString(),
                        "HOLDFAST_KAFKA", connection.bootstrapServers(),
                        "HOLDFAST_REGISTRY", connection.registry()));

        assertThat(piped.exitCode()).isZero();
        assertThat(piped.stderr()).isEmpty();
        assertThat(piped.stdout()).hasLineCount(1).startsWith("{\"type\":");
    }

    private AppProcess.Builder cli(String... arguments) {
        return AppProcess.of("cli").arguments(arguments).env("HOLDFAST_HOME", home);
    }
}
