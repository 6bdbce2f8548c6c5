package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The database's pod, container by container as its manifest describes them, on Docker: what is not mounted, not writable or not allowed shows
 * here. The sandbox's image stands in for the database's: it has the same programs.
 */
class DatabasePodIT {

    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String IMAGE = "holdfast/sandbox:15";

    private final Manifests manifests = Manifests.of(Manifests.HOME.resolve("overlays/dev"));
    private final PodTemplate database = template("mcpgov-db");
    private final PodTemplate restore = template("mcpgov-restore");
    private final PodTemplate catalogDatabase = template("holdfast-catalog-db");

    @Test
    void itIsMadeBackedUpStoppedAndRestoredWithinItsRights() throws Exception {
        try (PodOnDocker pod = new PodOnDocker(manifests, secrets(), IMAGE)) {
            good(pod.run(database, "init-cluster"));
            pod.start(database, "postgres");
            passes(pod, database, "postgres", "startupProbe");
            assertThat(good(pod.run(database, "make-stanza")))
                    .contains("stanza mcpgov is there, and the archive works");
            passes(pod, database, "postgres", "readinessProbe");
            passes(pod, database, "postgres", "livenessProbe");

            // what the runner runs, from where it runs it: it sees the data but cannot write it
            good(pod.run(
                    database, "runner", List.of("pgbackrest", "--stanza=mcpgov", "--type=full", "backup"), Map.of()));
            assertThat(pod.run(database, "runner", List.of("touch", "/var/lib/postgresql/data/pgdata/x"), Map.of())
                            .exitCode())
                    .isNotZero();

            assertThat(pod.run(restore, "restore").stderr()).contains("postmaster.pid is there");
            stopped(pod, database, "postgres");
            assertThat(good(pod.run(restore, "restore"))).contains("restored; what was there is in");
            pod.start(database, "postgres");
            passes(pod, database, "postgres", "readinessProbe");
            await("recovery ends")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(pod.log("postgres")).contains("archive recovery complete"));
        }
    }

    @Test
    void theCatalogsDatabaseIsMadeAndServes() throws Exception {
        try (PodOnDocker pod = new PodOnDocker(manifests, secrets(), IMAGE)) {
            good(pod.run(catalogDatabase, "init-database"));
            // a second start of the pod finds it there
            good(pod.run(catalogDatabase, "init-database"));
            pod.start(catalogDatabase, "postgres");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                passes(pod, catalogDatabase, "postgres", probe);
            }
            stopped(pod, catalogDatabase, "postgres");
        }
    }

    private static String good(Command.Ended ended) {
        assertThat(ended.exitCode()).as(ended.stdout() + ended.stderr()).isZero();
        return ended.stdout();
    }

    private static void passes(PodOnDocker pod, PodTemplate template, String container, String probe) {
        var command = PodOnDocker.named(template, container).at("/" + probe + "/exec/command");
        await(container + " " + probe)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(pod.exec(container, command).exitCode())
                        .as(() -> pod.log(container))
                        .isZero());
    }

    /** As the kubelet does it. */
    private static void stopped(PodOnDocker pod, PodTemplate template, String container) {
        pod.exec(container, PodOnDocker.named(template, container).at("/lifecycle/preStop/exec/command"));
        await(container + " ends")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> !pod.isRunning(container));
        assertThat(pod.log(container)).contains("database system is shut down");
        pod.remove(container);
    }

    private PodTemplate template(String owner) {
        return manifests.pods().stream()
                .filter(pod -> pod.owner().name().equals(owner))
                .findFirst()
                .orElseThrow();
    }

    private static Manifests secrets() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Manifests.HOME.resolve("make-secrets").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Manifests.parse(printed);
    }
}
