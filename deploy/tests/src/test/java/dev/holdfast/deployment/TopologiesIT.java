package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.S3Server;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Network;

/** The page on repositories elsewhere, followed to the letter: on a host with an S3 server, and on two hosts over TLS. */
class TopologiesIT {

    private static final String PAGE = "guide/topologies.md";
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
    void theRepositoryHostHoldsABackupAfterTheStepsForTls() throws Exception {
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

            assertThat(repository.run("ls /var/lib/pgbackrest/backup/mcpgov")).contains("backup.info");
            assertThat(database.run("runuser -u postgres -- pgbackrest --stanza=mcpgov info"))
                    .contains("full backup");
        }
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
            Objects.requireNonNull(hosts.get(step.host())).follow(filled(step, filledIn), "");
        }
    }

    private static Page.Step filled(Page.Step step, Map<String, String> filledIn) {
        if (!(step instanceof Page.Content content)) {
            return step;
        }
        String text = content.text().replace("cipher-pass=…", "cipher-pass=for a test alone");
        for (Map.Entry<String, String> placeholder : filledIn.entrySet()) {
            text = text.replace(placeholder.getKey(), placeholder.getValue());
        }
        return new Page.Content(content.place(), content.host(), content.file(), text);
    }
}
