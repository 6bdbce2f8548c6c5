package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup of another PostgreSQL than the build's, made and proven in that version's own sandbox image. The build does not run it, because it has no
 * such image; after {@code deploy/images/build-sandbox 17}, {@code ./mvnw -pl validator-service verify -Dit.test=OtherMajorContract} does.
 */
class OtherMajorContract {

    private static final String MAJOR = System.getenv().getOrDefault("HOLDFAST_OTHER_MAJOR", "17");
    private static final String IMAGE = "holdfast/sandbox:" + MAJOR;

    /** Makes a cluster, archives, backs it up, and archives more. The folder is what is left of it. */
    private static final String PRODUCTION = """
            set -eu
            cd /production
            initdb -D data -k -U postgres >/dev/null
            mkdir repo log lock run
            printf '[global]\\nrepo1-path=/production/repo\\nlog-path=/production/log\\nlock-path=/production/lock\\n[%1$s]\\npg1-path=/production/data\\npg1-socket-path=/production/run\\n' >source.conf
            pg_ctl -D data -w -s -l log/server.log -o "-c listen_addresses= -c unix_socket_directories=/production/run -c archive_mode=on \\
              -c 'archive_command=pgbackrest --config=/production/source.conf --stanza=%1$s archive-push %%p'" start
            export PGHOST=/production/run PGUSER=postgres
            createdb shop
            psql -qc 'create table item as select n from generate_series(1, 20000) n; create index on item (n)' shop
            pgbackrest --config=/production/source.conf --stanza=%1$s stanza-create
            pgbackrest --config=/production/source.conf --stanza=%1$s --type=full backup
            psql -qc 'create table later as select 1 as n' shop
            psql -qAtc 'select pg_walfile_name(pg_switch_wal())' shop >/dev/null
            pg_ctl -D data -w -s stop
            rm -rf data
            """.formatted(Grounds.STANZA);

    @TempDir
    private Path folder;

    @Test
    void aBackupOfAnotherMajorVersionIsProvenInTheImageOfThatVersion() throws IOException {
        Prover prover = new Prover();
        Path configuration = makeBackup();
        String label = label();

        ProofReport end = prover.prove(configuration, new Target.BackupEnd(), label);
        ProofReport latest = prover.prove(configuration, new Target.Latest(), label);

        for (ProofReport report : List.of(end, latest)) {
            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
            assertThat(report.rung()).isEqualTo(Rung.CONTENT_CHECKED);
            assertThat(report.versions().postgresql().orElseThrow()).startsWith(MAJOR);
            assertThat(report.checks())
                    .filteredOn(check -> !check.isPassed())
                    .extracting(Check::name)
                    .isSubsetOf(Check.SCHEMA, Check.VERIFY);
        }
        assertThat(prover.left()).isEmpty();
    }

    private Path makeBackup() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Command.output(List.of(
                "docker",
                "run",
                "--rm",
                "--network=none",
                "-v",
                folder + ":/production",
                IMAGE,
                "bash",
                "-c",
                PRODUCTION));
        return Files.writeString(
                folder.resolve("validator.conf"),
                "[global]\nrepo1-path=%s/repo\n[%s]\npg1-path=/nowhere\n".formatted(folder, Grounds.STANZA));
    }

    private String label() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("repo/backup").resolve(Grounds.STANZA))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{8}-\\d{6}F"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
