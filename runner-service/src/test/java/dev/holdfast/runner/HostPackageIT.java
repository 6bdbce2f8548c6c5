package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.schemas.Envelope;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.DatabaseUser;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The archive for a host, on a host that has no Java, from the first look to a backup. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostPackageIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String STANZA = "s" + UUID.randomUUID().toString().substring(0, 8);

    private final HostPackage host = HostPackage.unpacked();
    private final PostgresCluster cluster =
            PostgresCluster.builder().archiving().start();
    private final PgBackRestRepository repository = PgBackRestRepository.configured(cluster, STANZA, Map.of());

    @AfterAll
    void close() {
        repository.close();
        cluster.close();
        host.close();
    }

    @Test
    void aNewHostIsLookedAtSetUpServesABackupAndHasNoOpenPortButLoopback() throws Exception {
        Command.Ended look = host.run(settings(), "init", "--dry-run");
        assertThat(look.stdout()).contains("would run     pgbackrest --config").contains("stanza-create");
        assertThat(listing()).as("a dry run changes nothing").isEmpty();

        Command.Ended first = host.run(settings(), "init");
        assertThat(first.stdout())
                .contains("system identifier " + cluster.systemIdentifier())
                .contains("the stanza is created")
                .contains("passed: WAL reaches the repository")
                .contains("Ready. Once the runner runs");
        assertThat(first.exitCode()).isZero();
        String created = created();

        Command.Ended again = host.run(settings(), "init", STANZA);
        assertThat(again.stdout()).contains("the stanza is there, and stays as it is");
        assertThat(again.exitCode()).isZero();
        assertThat(created()).isEqualTo(created);

        servesABackup();
    }

    private void servesABackup() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        String registry = SchemaRegistryProcess.shared().url();
        int port = FreePorts.next();
        Path file = host.settingsFile("""
                # as /etc/holdfast/runner.env
                HOLDFAST_KAFKA=%s
                HOLDFAST_REGISTRY="%s"
                HOLDFAST_RUNNER_PORT=1
                """.formatted(broker.bootstrapServers(), registry));
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("HOLDFAST_RUNNER_ENV", file.toString());
        settings.put("HOLDFAST_RUNNER_PORT", String.valueOf(port));
        // with a cache that does not fit the runtime, or a place it was moved to, this one does not start
        settings.put("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
        Path log = Files.createTempFile("holdfast-host-", ".log");
        Process runner = host.start(settings, log);
        try (EventLog events = EventLog.open(broker.connection(registry))) {
            awaitReady(port, runner, log);
            assertThat(ownerOf(runner.pid())).isEqualTo(DatabaseUser.name());
            assertThat(listeningPorts(runner.pid())).containsExactly("0100007F:%04X".formatted(port));

            var request = Events.backupRequested(STANZA).build();
            events.publish(request);
            BackupCompleted completed = events.await(
                    BackupCompleted.class,
                    event -> Envelope.of(event)
                            .requestId()
                            .equals(Envelope.of(request).requestId()));
            assertThat(repository.labels()).contains(completed.getLabel());
        } finally {
            runner.destroy();
            assertThat(runner.waitFor(1, TimeUnit.MINUTES)).isTrue();
            Files.delete(log);
        }
    }

    @Test
    void aStanzaOfAnotherClusterIsRefusedAndNotTouched() {
        PostgresCluster other = PostgresCluster.builder().archiving().start();
        try (PgBackRestRepository theirs = PgBackRestRepository.create(other, "taken")) {
            String theirSystem = other.systemIdentifier();
            other.replace();
            String before = theirs.listingDigest();

            Command.Ended ended = host.run(settings(theirs), "init", "taken");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.stdout())
                    .contains("repository 1 holds the stanza of another cluster: system identifier " + theirSystem)
                    .contains("Nothing was changed")
                    .contains("pgbackrest --stanza=taken stanza-upgrade");
            assertThat(theirs.listingDigest()).isEqualTo(before);
        } finally {
            other.close();
        }
    }

    @Test
    void whatStandsAgainstASetUpIsNamedWithItsFix() throws IOException {
        assertThat(host.run(settings(), "init", "elsewhere").stdout())
                .contains("has no section [elsewhere] with pg1-path")
                .contains("SHOW data_directory")
                .contains("Not ready");
        assertThat(host.run(Map.of(), "init").exitCode()).isEqualTo(2);
        assertThat(host.run(settings(), "init", "--force").stdout())
                .contains("expected")
                .contains("Usage:");
        Map<String, String> withoutConfiguration = new HashMap<>(settings());
        withoutConfiguration.put("HOLDFAST_PGBACKREST_CONFIG", "/nowhere/pgbackrest.conf");
        assertThat(host.run(withoutConfiguration, "init").stdout())
                .contains("'/nowhere/pgbackrest.conf' does not exist");
    }

    @Test
    void aClusterThatWasPromotedBeforeBringsItsTimelinesHistoryAlongAndNoOther() throws IOException {
        PostgresCluster other = PostgresCluster.builder()
                .archiving()
                // what is archived before the repository is there goes elsewhere
                .setting("archive_command", "true")
                .start();
        try {
            promote(other);
            Path wal = other.dataDirectory().resolve("pg_wal");
            // of a promotion that is not this cluster's
            Command.output(DatabaseUser.as(List.of(
                    "cp",
                    wal.resolve("00000002.history").toString(),
                    wal.resolve("00000007.history").toString())));
            try (PgBackRestRepository later = PgBackRestRepository.configured(other, "promoted", Map.of())) {
                Path archive = later.path().resolve("archive/promoted/15-1");

                Command.Ended look = host.run(settings(later), "init", "--dry-run");
                assertThat(look.stdout()).contains("would run").contains("--no-archive-async " + wal);
                Command.Ended first = host.run(settings(later), "init");

                assertThat(first.stdout()).contains("00000002.history is archived, which the repository lacked");
                assertThat(first.exitCode()).isZero();
                assertThat(archive.resolve("00000002.history"))
                        .hasSameTextualContentAs(wal.resolve("00000002.history"));
                assertThat(archive.resolve("00000007.history")).doesNotExist();
                assertThat(host.run(settings(later), "init").stdout()).doesNotContain("history");

                Files.writeString(archive.resolve("00000002.history"), "1\t0/1000000\tanother\n");
                Command.Ended refused = host.run(settings(later), "init");

                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.stdout()).contains("repository 1 has another 00000002.history than the cluster");
                assertThat(archive.resolve("00000002.history")).hasContent("1\t0/1000000\tanother\n");
            }
        } finally {
            other.close();
        }
    }

    /** As a standby that takes over. */
    private static void promote(PostgresCluster cluster) {
        cluster.stop();
        Command.output(DatabaseUser.as(List.of(
                "touch", cluster.dataDirectory().resolve("standby.signal").toString())));
        cluster.start();
        cluster.sql("select pg_promote()");
        // until then the cluster's own record has the timeline before
        cluster.sql("checkpoint");
    }

    @Test
    void aClusterThatDoesNotArchiveFailsTheCheckAndTheFixIsNamed() throws IOException {
        PostgresCluster other = PostgresCluster.builder().archiving().start();
        try (PgBackRestRepository theirs = PgBackRestRepository.configured(other, "silent", Map.of())) {
            other.sql("alter system set archive_command = 'false pgbackrest'");
            other.sql("select pg_reload_conf()");
            Files.writeString(
                    theirs.configuration(),
                    Files.readString(theirs.configuration()).replace("archive-timeout=60", "archive-timeout=2"));

            Command.Ended ended = host.run(settings(theirs), "init", "silent");

            assertThat(ended.exitCode()).as(ended.stderr()).isEqualTo(1);
            assertThat(ended.stdout()).contains("the check did not pass").contains("archive_command's errors");
        } finally {
            other.close();
        }
    }

    @Test
    void whoeverDoesNotOwnTheClusterIsToldWhoDoes() {
        Command.Ended ended = host.runAsTheTestsUser(settings(), "init");

        if (DatabaseUser.name().equals(System.getProperty("user.name"))) {
            assertThat(ended.stdout()).doesNotContain("belongs to");
        } else {
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.stdout())
                    .contains("belongs to " + DatabaseUser.name())
                    .contains("sudo -u %s holdfast-runner init".formatted(DatabaseUser.name()));
        }
    }

    private Map<String, String> settings() {
        return settings(repository);
    }

    private Map<String, String> settings(PgBackRestRepository of) {
        return Map.of(
                "HOLDFAST_RUNNER_STANZAS", of.stanza(),
                "HOLDFAST_RUNNER_STATE", host.state().toString(),
                "HOLDFAST_PGBACKREST_CONFIG", of.configuration().toString());
    }

    private List<Path> listing() throws IOException {
        try (Stream<Path> files = Files.walk(repository.path())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** When and as what the stanza's lists were written. */
    private String created() {
        return Command.output(List.of(
                "stat",
                "--format=%n %i %y",
                repository
                        .path()
                        .resolve("backup")
                        .resolve(STANZA)
                        .resolve("backup.info")
                        .toString(),
                repository
                        .path()
                        .resolve("archive")
                        .resolve(STANZA)
                        .resolve("archive.info")
                        .toString()));
    }

    private static void awaitReady(int port, Process process, Path log) {
        HttpRequest readiness = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port)))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        Awaitility.await("ready").atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            try {
                return client.send(readiness, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static String ownerOf(long pid) throws IOException {
        return Files.getOwner(Path.of("/proc/" + pid)).getName();
    }

    /** Addresses, hexadecimal as the kernel prints them, on which the process listens. IPv6 ones stand as they are. */
    private static List<String> listeningPorts(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/%d/fd".formatted(pid)))) {
            for (Path descriptor : descriptors.toList()) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    sockets.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/%d/net/%s".formatted(pid, table))))
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[3].equals("0A") && sockets.contains(columns[9]))
                .map(columns -> columns[1].replace("0000000000000000FFFF0000", ""))
                .toList();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
