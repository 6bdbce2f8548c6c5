package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteRepositoryIT {

    private static final Pattern CONFIGURATION = Pattern.compile("(?s)```ini[^\\n]*\\s+(\\[global].*?)```");
    private static final Map<String, String> ENCRYPTED = Map.of(
            "repo1-cipher-type", "aes-256-cbc",
            "repo1-cipher-pass", "for a test alone",
            "repo1-retention-full", "4");

    /** pgBackRest tries again until this has passed, several times over where it reads several files. */
    private static final String IMPATIENT = "--io-timeout=2";

    private PostgresCluster cluster;
    private CertificateAuthority authority;

    @BeforeAll
    void start() {
        cluster = PostgresCluster.builder().archiving().start();
        authority = CertificateAuthority.create();
    }

    @AfterAll
    void end() {
        authority.close();
        cluster.close();
    }

    @Test
    void aBucketHoldsARepositoryThatTheReaderMayNotWrite() throws IOException {
        Map<String, String> options = new HashMap<>(S3Server.WRITER.options());
        options.putAll(ENCRYPTED);
        options.putAll(Map.of("repo1-bundle", "y", "io-timeout", "30"));
        try (S3Server server = S3Server.start(authority);
                PgBackRestRepository repository =
                        PgBackRestRepository.configuredIn(server, cluster, "bucket", options)) {
            repository.stanzaCreate();
            String label = repository.backup("full");
            String segment = repository.switchWal();

            assertThat(shownUnder("## S3")).isSubsetOf(optionsIn(Files.readString(repository.configuration())));
            assertThat(repository.walSegments()).contains(segment);
            Map<String, String> reader = new HashMap<>(S3Server.READER.environment());
            assertThat(run(repository, reader, "info").stdout()).contains(label);
            assertThat(run(repository, reader, "annotate", "--set=" + label, "--annotation=a=b")
                            .exitCode())
                    .isNotZero();
            server.stop();
            assertThat(repository.run(IMPATIENT, "--output=json", "info")).contains("Connection refused");
            server.present(authority.issueExpired(S3Server.HOST, S3Server.HOST));
            assertThat(repository.run(IMPATIENT, "--output=json", "info")).contains("certificate has expired");
        }
    }

    @Test
    void aRepositoryHostIsReachedOverTls() throws IOException {
        try (TlsTransport transport = new TlsTransport(authority)) {
            isBackedUpAcrossHosts(transport, "overtls", "## A repository host over TLS");
        }
    }

    @Test
    void aRepositoryHostIsReachedOverSsh() throws IOException {
        try (SshTransport transport = new SshTransport()) {
            isBackedUpAcrossHosts(transport, "overssh", "## A repository host over SSH");
        }
    }

    private void isBackedUpAcrossHosts(Transport transport, String stanza, String heading) throws IOException {
        try (PgBackRestRepository repository =
                PgBackRestRepository.createOnItsOwnHost(transport, cluster, stanza, ENCRYPTED)) {
            String label = repository.backup("full");
            String segment = repository.switchWal();

            assertThat(repository.walSegments()).contains(segment);
            assertThat(repository.labels()).containsExactly(label);
            Set<String> used = optionsIn(Files.readString(repository.configuration()));
            used.addAll(optionsIn(Files.readString(repository.databaseConfiguration())));
            assertThat(shownUnder(heading)).isSubsetOf(used);
        }
    }

    /** The names of the options in a section's configuration files, as the page for operators shows them. */
    private static Set<String> shownUnder(String heading) throws IOException {
        String page = Files.readString(Checkout.root().resolve("docs/guide/topologies.md"));
        String section = page.substring(page.indexOf("\n" + heading) + 1);
        int next = section.indexOf("\n## ");
        Set<String> names = new TreeSet<>();
        Matcher file = CONFIGURATION.matcher(next < 0 ? section : section.substring(0, next));
        while (file.find()) {
            names.addAll(optionsIn(file.group(1)));
        }
        assertThat(names).as(heading).isNotEmpty();
        return names;
    }

    private static Set<String> optionsIn(String configuration) {
        return configuration
                .lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("#") && line.contains("="))
                .map(line -> line.substring(0, line.indexOf('=')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Command.Ended run(
            PgBackRestRepository repository, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                repository.executable().toString(),
                "--config=" + repository.configuration(),
                "--stanza=" + repository.stanza()));
        command.addAll(List.of(arguments));
        return Command.run(command, environment);
    }
}
