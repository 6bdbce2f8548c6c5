package dev.holdfast.runner.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runner.repository.Archiver;
import dev.holdfast.runner.repository.Production;
import dev.holdfast.runner.repository.RestorePoint;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PsqlPrimaryIT {

    private static final String STANZA = "demo";

    private final PostgresCluster cluster = PostgresCluster.started();
    private final Map<String, String> settings = settingsOf(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aRestorePointLiesInTheSegmentThatIsArchivedNext() {
        String inUse =
                cluster.sql("select pg_walfile_name(pg_current_wal_lsn())").getFirst();

        RestorePoint point = primary(Duration.ofMinutes(1))
                .createRestorePoint(STANZA, "holdfast-20261126-120000F_20261126-130000I")
                .orElseThrow();

        assertThat(point.segment()).isEqualTo(inUse);
        cluster.sql("create table written_afterwards ()");
        assertThat(cluster.sql("select pg_walfile_name(pg_current_wal_lsn())").getFirst())
                .isGreaterThan(inUse);
    }

    @Test
    void whereItIsWantedARowSaysWhichRestorePointWasMadeLast() {
        PsqlPrimary primary = new PsqlPrimary(
                (stanza, key) -> Optional.ofNullable(settings.get(key)),
                Optional.of("holdfast.marker"),
                Duration.ofMinutes(1));
        assertThat(primary.createRestorePoint(STANZA, "without-the-schema"))
                .as("a row that cannot be written keeps no point away")
                .isPresent();

        cluster.sql("create schema holdfast");
        primary.createRestorePoint(STANZA, "first");
        primary.createRestorePoint(STANZA, "second");

        assertThat(cluster.sql("select name from holdfast.marker")).containsExactly("second");
    }

    @Test
    void aRunningBackupShowsByItsSession() {
        PsqlPrimary primary = primary(Duration.ofMinutes(1));

        Production production = primary.production(STANZA);
        assertThat(production.segmentBytes()).isEqualTo(16L * 1024 * 1024);
        assertThat(production.timeline()).contains(1);
        assertThat(primary.showsRunningBackup(STANZA)).isFalse();
        Process session = session("pgBackRest [backup]");
        try {
            Awaitility.await("the session")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> primary.showsRunningBackup(STANZA));
        } finally {
            session.destroyForcibly();
        }
    }

    @Test
    void theClusterSaysWhetherItsArchivingFails() {
        try (PostgresCluster archiving = PostgresCluster.builder().archiving().start()) {
            archiveBy("false", archiving);
            Archiver failing = awaitArchiver(archiving, Archiver::isFailing);
            archiveBy("true", archiving);
            Archiver mended = awaitArchiver(archiving, archiver -> !archiver.isFailing());

            assertThat(failing.failed()).isPositive();
            assertThat(mended.archived()).isPositive();
            assertThat(mended.lastArchived().map(Archiver.Attempt::file))
                    .isEqualTo(failing.lastFailed().map(Archiver.Attempt::file));
            assertThat(mended.lastFailed()).isPresent();
        }
    }

    private static void archiveBy(String command, PostgresCluster cluster) {
        cluster.sql("alter system set archive_command = '" + command + "'");
        cluster.sql("select pg_reload_conf()");
        cluster.sql("create table if not exists written ()");
        cluster.sql("select pg_switch_wal()");
    }

    private static Archiver awaitArchiver(PostgresCluster cluster, Predicate<Archiver> wanted) {
        Map<String, String> settings = settingsOf(cluster);
        PsqlPrimary primary = new PsqlPrimary((stanza, key) -> Optional.ofNullable(settings.get(key)));
        return Awaitility.await("the archiver")
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> primary.production(STANZA).archiver(),
                        found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    @Test
    void aClusterThatHangsDoesNotHangTheRunner() throws IOException {
        String postmaster = Files.readAllLines(cluster.dataDirectory().resolve("postmaster.pid"))
                .getFirst();
        Command.output(List.of("kill", "-s", "STOP", postmaster));
        try {
            assertThat(primary(Duration.ofSeconds(2)).createRestorePoint(STANZA, "point"))
                    .isEmpty();
        } finally {
            Command.output(List.of("kill", "-s", "CONT", postmaster));
        }
    }

    private static Map<String, String> settingsOf(PostgresCluster cluster) {
        return Map.of(
                "pg1-path", cluster.dataDirectory().toString(),
                "pg1-port", String.valueOf(cluster.port()),
                "pg1-socket-path", cluster.socketDirectory().toString());
    }

    private PsqlPrimary primary(Duration limit) {
        return new PsqlPrimary((stanza, key) -> Optional.ofNullable(settings.get(key)), Optional.empty(), limit);
    }

    private Process session(String applicationName) {
        ProcessBuilder builder = new ProcessBuilder(
                "psql",
                "--host=" + cluster.socketDirectory(),
                "--port=" + cluster.port(),
                "--username=" + PostgresCluster.SUPERUSER,
                "--command=select pg_sleep(600)");
        builder.environment().put("PGAPPNAME", applicationName);
        try {
            return builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
