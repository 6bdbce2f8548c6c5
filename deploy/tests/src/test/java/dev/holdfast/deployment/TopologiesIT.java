package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.S3Server;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;

/** The page on repositories elsewhere, followed to the letter: on a host with an S3 server, and on two hosts over TLS. */
class TopologiesIT {

    private static final String PAGE = "guide/topologies.md";
    private static final Map<String, String> PASSPHRASE = Map.of("cipher-pass=…", "cipher-pass=for a test alone");
    private static final List<String> SSH =
            List.of("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/ssh-keyscan");
    private static final Pattern LIBRARY = Pattern.compile("=> (/\\S+)");
    private static final String S3_NAME = "s3.example.org";
    private static final String DATABASE_NAME = "db.example.org";
    private static final String REPOSITORY_NAME = "backup.example.org";

    private final CertificateAuthority authority = CertificateAuthority.create();

    @AfterEach
    void forgetTheAuthority() {
        authority.close();
    }

    @Test
    void theBucketHoldsABackupAfterTheStepsForS3() throws Exception {
        int port = FreePorts.next();
        try (S3Server server = S3Server.start(authority);
                // the server listens on this machine's loopback, so PostgreSQL does too, at a port of its own
                DebianHost host = DebianHost.of(image -> image.withNetworkMode("host")
                        .withExtraHost(S3_NAME, "127.0.0.1")
                        .withEnv("PGBACKREST_PG1_PORT", String.valueOf(port)))) {
            server.present(authority.issue(S3_NAME, S3_NAME));
            host.started();
            makeArchivingCluster(host, port);
            takeAuthority(host);

            follow(
                    Map.of("s3", host),
                    Map.of(
                            "repo1-storage-port=9000", "repo1-storage-port=" + server.port(),
                            "repo1-s3-key=…", "repo1-s3-key=" + S3Server.WRITER.key(),
                            "repo1-s3-key-secret=…", "repo1-s3-key-secret=" + S3Server.WRITER.secret()));

            assertThat(Folders.filesIn(server.bucket())).anyMatch(file -> file.endsWith("backup/mcpgov/backup.info"));
        }
    }

    @Test
    void theRepositoryHostHoldsABackupAfterTheStepsForTlsAndAfterThoseForSsh() throws Exception {
        try (Network network = Network.newNetwork();
                DebianHost repository = inNetwork(network, REPOSITORY_NAME);
                DebianHost database = inNetwork(network, DATABASE_NAME)) {
            repository.started();
            database.started();
            makeArchivingCluster(database, 5432);
            for (DebianHost host : List.of(repository, database)) {
                takeAuthority(host);
            }
            takeCertificate(repository, REPOSITORY_NAME, "backup");
            takeCertificate(database, DATABASE_NAME, "db");

            follow(Map.of("backup", repository, "db", database), Map.of());

            assertThatBothSeeABackup(repository, database);

            for (DebianHost host : List.of(repository, database)) {
                forgetTls(host);
                takeSsh(host);
            }
            repository.run("rm -r /var/lib/pgbackrest");
            followSsh(repository, database);

            assertThatBothSeeABackup(repository, database);
        }
    }

    private static void assertThatBothSeeABackup(DebianHost repository, DebianHost database)
            throws IOException, InterruptedException {
        assertThat(repository.run("ls /var/lib/pgbackrest/backup/mcpgov")).contains("backup.info");
        assertThat(database.run("runuser -u postgres -- pgbackrest --stanza=mcpgov info"))
                .contains("full backup");
    }

    private static void forgetTls(DebianHost host) throws IOException, InterruptedException {
        host.run("""
                for process in /proc/[0-9]*; do
                  ! tr '\\0' ' ' < "$process/cmdline" | grep -q '^pgbackrest server' || kill "${process#/proc/}" || true
                done
                """);
        host.run("rm -r /etc/pgbackrest /etc/pgbackrest.conf");
    }

    /** This machine's own OpenSSH, which is Debian 12's as those hosts are: they have no network to install it from. */
    private static void takeSsh(DebianHost host) throws IOException, InterruptedException {
        for (String program : SSH) {
            host.take(Path.of(program), program);
        }
        for (String library : librariesOf(SSH)) {
            if (host.run("test -e %s && echo there || true".formatted(library)).isEmpty()) {
                host.take(Path.of(library).toRealPath(), library);
            }
        }
        host.run("""
                sed -i 's#^\\(postgres:.*\\):/tmp:#\\1:/var/lib/postgresql:#' /etc/passwd
                # sshd without PAM lets nobody in whose password is locked
                usermod --password '*' postgres
                useradd --system --no-create-home sshd
                mkdir -p /run/sshd /etc/ssh
                ssh-keygen -A
                /usr/sbin/sshd -f /dev/null -o PidFile=none
                """);
    }

    private static Set<String> librariesOf(List<String> programs) {
        Set<String> libraries = new TreeSet<>();
        for (String program : programs) {
            LIBRARY.matcher(Command.output(List.of("ldd", program)))
                    .results()
                    .forEach(library -> libraries.add(library.group(1)));
        }
        return libraries;
    }

    /** The page's steps in their order, which alternates between the hosts; what goes from one to the other goes by this test. */
    private static void followSsh(DebianHost repository, DebianHost database) throws IOException, InterruptedException {
        for (Page.Step step : Page.steps(PAGE)) {
            if (step instanceof Page.Commands commands && commands.text().contains("ssh-keyscan")) {
                exchangeKeys(repository, database);
            }
            switch (step.host()) {
                case "sshbackup" -> repository.follow(Page.filled(step, PASSPHRASE), "");
                case "sshdb" -> database.follow(Page.filled(step, PASSPHRASE), "");
                default -> {
                    // the other ways
                }
            }
        }
    }

    private static void exchangeKeys(DebianHost repository, DebianHost database)
            throws IOException, InterruptedException {
        String key = "cat /var/lib/postgresql/.ssh/id_ed25519.pub";
        repository.run("echo '%s' > /tmp/db.pub".formatted(database.run(key).strip()));
        database.run("echo '%s' > /tmp/backup.pub".formatted(repository.run(key).strip()));
    }

    private static DebianHost inNetwork(Network network, String name) {
        return DebianHost.of(image -> image.withNetwork(network).withNetworkAliases(name));
    }

    /** What the page takes for granted: the guide for a host has it. */
    private static void makeArchivingCluster(DebianHost host, int port) throws IOException, InterruptedException {
        host.run("pg_createcluster 15 main --port=%d -- --data-checksums".formatted(port));
        for (Page.Step step : Page.steps("guide/on-a-host.md")) {
            if (step instanceof Page.Content content && content.file().endsWith("archive.conf")) {
                host.follow(content, "");
            }
        }
        host.run("pg_ctlcluster 15 main start");
    }

    private void takeAuthority(DebianHost host) throws IOException, InterruptedException {
        host.run("install -d -m 755 /etc/pgbackrest");
        host.take(authority.certificate(), "/etc/pgbackrest/ca.crt");
    }

    private void takeCertificate(DebianHost host, String name, String file) {
        CertificateAuthority.Certified certified = authority.issue(name, name);
        host.take(certified.certificate(), "/etc/pgbackrest/%s.crt".formatted(file));
        host.take(certified.key(), "/etc/pgbackrest/%s.key".formatted(file));
    }

    /**
     * Does what the page says for these hosts.
     *
     * @param filledIn what stands for the page's placeholders
     */
    private static void follow(Map<String, DebianHost> hosts, Map<String, String> filledIn)
            throws IOException, InterruptedException {
        List<Page.Step> steps = Page.steps(PAGE).stream()
                .filter(step -> hosts.containsKey(step.host()))
                .toList();
        assertThat(steps).isNotEmpty();
        for (Page.Step step : steps) {
            Page.Step filled = Page.filled(Page.filled(step, PASSPHRASE), filledIn);
            Objects.requireNonNull(hosts.get(step.host())).follow(filled, "");
        }
    }
}
