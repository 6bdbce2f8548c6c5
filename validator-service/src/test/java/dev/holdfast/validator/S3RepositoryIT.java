package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.S3Server;
import dev.holdfast.validator.pgbackrest.PgBackRest;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Rung;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.sandbox.DockerEngine;
import dev.holdfast.validator.sandbox.SandboxSettings;
import dev.holdfast.validator.sandbox.SharedVolumes;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Proofs of a repository in a bucket, encrypted and bundled, by a validator whose keys may read and not write. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3RepositoryIT {

    private static final String PASSPHRASE = "a passphrase that nobody may read 77";
    private static final Target LATEST = new Target.Latest();
    // seconds; pgBackRest tries again for as long, for every file
    private static final Map<String, String> IMPATIENT = Map.of("io-timeout", "2");

    private final CertificateAuthority authority = CertificateAuthority.create();
    private final S3Server server = S3Server.start(authority);
    private final PostgresCluster cluster =
            PostgresCluster.builder().archiving().start();
    private PgBackRestRepository repository;
    private String label;
    private List<String> after;
    private Prover prover;

    @BeforeAll
    void backUp() {
        Map<String, String> options = new TreeMap<>(S3Server.WRITER.options());
        options.put("repo1-bundle", "y");
        options.put("repo1-cipher-type", "aes-256-cbc");
        options.put("repo1-cipher-pass", PASSPHRASE);
        // a storage that is gone shall be gone within seconds
        options.put("io-timeout", "5");
        repository = PgBackRestRepository.configuredIn(server, cluster, Grounds.STANZA, options);
        repository.stanzaCreate();
        label = repository.backup("full");
        cluster.sql("create table later as select generate_series(1, 1000) as n");
        after = List.of(repository.switchWal(), repository.switchWal(), repository.switchWal());
        repository.archiveListing();
    }

    @BeforeEach
    void beginAnew() {
        prover = new Prover();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @AfterAll
    void close() {
        repository.close();
        cluster.close();
        server.close();
        authority.close();
    }

    @Test
    void aBackupInABucketIsProvenToItsEnd() {
        AtomicReference<String> shown = new AtomicReference<>("");
        prover.tool(real -> new Meddler(real, () -> shown.set(everythingTheEngineShows())));
        String before = repository.listingDigest();

        ProofReport report = prover.prove(reading(), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.rung()).isEqualTo(Rung.CONTENT_CHECKED);
        assertThat(report.digests().manifest()).isPresent();
        assertThat(repository.listingDigest()).isEqualTo(before);
        var facts = report.sandbox().orElseThrow();
        assertThat(facts.network()).isEqualTo("none, but one way to S3 at localhost:" + server.port());
        assertThat(facts.inside().orElseThrow().interfaces()).containsExactly("lo");
        assertThat(facts.limits()).containsEntry("repository-writes", "absent");
        assertThat(shown.get()).contains("TCP-LISTEN").doesNotContain(secrets());
        assertThat(report.toString()).doesNotContain(secrets());
    }

    @Test
    void keysOfTheEnvironmentGoIntoTheSandboxAndAreNotShown() {
        AtomicReference<String> shown = new AtomicReference<>("");
        Map<String, String> variables = new TreeMap<>(S3Server.READER.environment());
        variables.put("PGBACKREST_REPO1_CIPHER_PASS", PASSPHRASE);
        prover.environment(variables).tool(real -> new Meddler(real, () -> shown.set(everythingTheEngineShows())));

        ProofReport report = prover.prove(
                configuration(Map.of(
                        "repo1-s3-key", "nobody", "repo1-s3-key-secret", "nothing", "repo1-cipher-pass", "another")),
                new Target.BackupEnd(),
                label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(shown.get()).isNotEmpty().doesNotContain(secrets());
    }

    @Test
    void nothingButTheRepositoryIsReachedFromInside() throws IOException {
        SandboxEngine engine = engine();
        PgBackRest tool = tool(reading());
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                Sandbox sandbox = engine.open(wanted(tool))) {
            int other = listening.getLocalPort();
            String host = addressOfThisHost();

            assertThat(connects(sandbox, "127.0.0.1", server.port()))
                    .as("the repository")
                    .isTrue();
            assertThat(connects(sandbox, "localhost", server.port()))
                    .as("the repository by name")
                    .isTrue();
            assertThat(connects(sandbox, "127.0.0.1", other)).as("another port").isFalse();
            assertThat(connects(sandbox, host, other))
                    .as("this host's own address")
                    .isFalse();
            assertThat(connects(sandbox, host, server.port()))
                    .as("the repository's port at another address")
                    .isFalse();
            assertThat(connects(sandbox, "192.0.2.1", 443)).as("the internet").isFalse();
            assertThat(bash(sandbox, "getent hosts example.org").succeeded())
                    .as("a name")
                    .isFalse();
            assertThat(bash(sandbox, "getent hosts repo.maven.apache.org").succeeded())
                    .as("a name that exists")
                    .isFalse();
            assertThat(bash(sandbox, "rm /run/holdfast/repository").succeeded())
                    .as("the way itself")
                    .isFalse();
        }
    }

    /** As for a validator in a container, whose folders the engine does not have. */
    @Test
    void aWayInAVolumeOfTheEngineLeadsToTheRepositoryAndItsNeighboursAreNotSeen() throws IOException {
        String volume = "holdfast-test-" + UUID.randomUUID();
        DockerClient docker = Docker.client();
        // a folder of this machine as a volume: the engine's own have longer names than a socket may
        Path ways = Files.createTempDirectory("hf-ways-");
        docker.createVolumeCmd()
                .withName(volume)
                .withDriverOpts(Map.of("type", "none", "o", "bind", "device", ways.toString()))
                .exec();
        try {
            Files.setPosixFilePermissions(ways, PosixFilePermissions.fromString("rwx--x--x"));
            SandboxEngine engine = new DockerEngine(
                    docker, settings(), SharedVolumes.of(ways + "=" + volume), ways, Clock.systemUTC());
            try (Sandbox sandbox = engine.open(wanted(tool(reading())))) {
                assertThat(bash(sandbox, "pgbackrest --stanza=grounds info").out())
                        .contains(label);
                assertThat(bash(sandbox, "ls " + ways).err()).contains("Permission denied");
            }
            assertThat(ways).isEmptyDirectory();
        } finally {
            docker.removeVolumeCmd(volume).exec();
            Files.delete(ways);
        }
    }

    @Test
    void theKeysInsideMayNotWriteTheBucket() {
        List<String> before = repository.archiveListing();
        PgBackRest tool = tool(configuration(IMPATIENT));
        try (Sandbox sandbox = engine().open(wanted(tool))) {
            assertThat(bash(sandbox, "pgbackrest repo-ls --stanza=grounds archive/grounds")
                            .out())
                    .contains("archive.info");
            for (String attempt : List.of(
                    "echo x | pgbackrest --stanza=grounds repo-put archive/grounds/foreign",
                    "pgbackrest --stanza=grounds repo-rm archive/grounds/archive.info",
                    "pgbackrest --stanza=grounds --set=" + label + " --annotation=a=b annotate",
                    "pgbackrest --stanza=grounds --set=" + label + " expire")) {
                assertThat(bash(sandbox, attempt).succeeded()).as(attempt).isFalse();
            }
        }
        assertThat(repository.archiveListing()).isEqualTo(before);
        assertThat(repository.labels()).containsExactly(label);
    }

    @Test
    void aSegmentMissingFromTheBucketIsAGap() {
        try (RepositoryCopy copy = copy()) {
            copy.delete(copy.segment(after.get(1)));

            ProofReport report = prover.prove(readingCopy(copy), LATEST, label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.WAL_GAP);
            assertThat(report.conclusion().message()).contains(after.get(1));
        }
    }

    @Test
    void aFlippedByteInTheBucketIsDamage() {
        try (RepositoryCopy copy = copy()) {
            copy.flip(copy.largestUnder(copy.backup(label).resolve("bundle")));

            ProofReport report = prover.prove(readingCopy(copy), LATEST, label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.BACKUP_DAMAGED);
        }
    }

    @Test
    void aFlippedByteInASegmentIsDamage() {
        try (RepositoryCopy copy = copy()) {
            copy.flip(copy.segment(after.get(1)));

            ProofReport report = prover.prove(readingCopy(copy), LATEST, label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.WAL_DAMAGED);
        }
    }

    @Test
    void anEndpointThatGoesAwayHalfWayIsUnreachableAndNoDamage() {
        prover.tool(real -> new Meddler(real, server::stop));
        ProofReport report;
        try {
            report = prover.prove(configuration(IMPATIENT), LATEST, label);
        } finally {
            server.stop();
            server.start();
        }

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
        assertThat(report.conclusion().message()).contains("localhost:" + server.port(), "Connection refused");
    }

    @Test
    void anEndpointThatWasNeverThereIsUnreachable() {
        ProofReport report = prover.prove(
                configuration(Map.of("repo1-storage-port", String.valueOf(FreePorts.next()))), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
    }

    @Test
    void aWrongSecretIsAFaultOfTheConfiguration() {
        ProofReport report =
                prover.prove(configuration(Map.of("repo1-s3-key-secret", "another-secret-31")), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
        assertThat(report.conclusion().message()).contains("403").doesNotContain("another-secret-31");
    }

    @Test
    void aWrongPassphraseIsAFaultOfTheConfiguration() {
        ProofReport report =
                prover.prove(configuration(Map.of("repo1-cipher-pass", "another passphrase")), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
        assertThat(report.conclusion().message()).contains("cipher pass");
    }

    @Test
    void anAuthorityThatIsNotBelievedIsAFaultOfTheConfiguration() {
        try (CertificateAuthority other = CertificateAuthority.create()) {
            ProofReport report = prover.prove(
                    configuration(
                            Map.of("repo1-storage-ca-file", other.certificate().toString())),
                    LATEST,
                    label);

            assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
            assertThat(report.conclusion().message()).contains("unable to verify certificate");
        }
    }

    @Test
    void aMissingBucketIsAFaultOfTheConfiguration() {
        ProofReport report = prover.prove(configuration(Map.of("repo1-s3-bucket", "another-bucket")), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.CONFIGURATION);
    }

    /** The configuration that a validator should have: the keys in it may only read. */
    private Path reading() {
        return configuration(Map.of());
    }

    private Path readingCopy(RepositoryCopy copy) {
        return configuration(Map.of("repo1-path", "/" + server.bucket().relativize(copy.repository())));
    }

    private Path configuration(Map<String, String> changes) {
        Map<String, String> options = new TreeMap<>(S3Server.READER.options());
        options.putAll(changes);
        return repository.configurationWith("validator.conf", options);
    }

    private RepositoryCopy copy() {
        RepositoryCopy copy = new RepositoryCopy(server.bucket().resolve("copy-" + UUID.randomUUID()));
        Command.output(List.of("mkdir", copy.folder().toString()));
        Command.output(List.of(
                "cp", "-a", repository.path().toString(), copy.repository().toString()));
        return copy;
    }

    private static String[] secrets() {
        return new String[] {S3Server.READER.secret(), S3Server.READER.key(), S3Server.WRITER.secret(), PASSPHRASE};
    }

    /** What the engine tells anybody who may ask it of the one sandbox there is: its environment, commands, labels. */
    private String everythingTheEngineShows() {
        DockerClient docker = Docker.client();
        String id = prover.left().getFirst().getId();
        return Command.output(List.of("docker", "inspect", id))
                + docker.topContainerCmd(id).exec();
    }

    private static PgBackRest tool(Path configuration) {
        return new PgBackRest(configuration, Map.of(), Duration.ofMinutes(5), 1);
    }

    private SandboxEngine engine() {
        return new DockerEngine(Docker.client(), settings(), Clock.systemUTC());
    }

    private static SandboxSettings settings() {
        return new SandboxSettings(
                Prover.IMAGE,
                "test/" + UUID.randomUUID(),
                1L << 30,
                1L << 40,
                128,
                2,
                workspace -> PgBackRest.environment(DockerEngine.CONFIGURATION, workspace));
    }

    private static SandboxEngine.Wanted wanted(PgBackRest tool) {
        RepositoryPlace place = tool.locate(new TestOrder(
                UUID.randomUUID(), Grounds.STANZA, OptionalInt.empty(), Optional.empty(), Selection.NEWEST, LATEST));
        return new SandboxEngine.Wanted(UUID.randomUUID(), place, Duration.ofHours(1), Optional.empty());
    }

    private static boolean connects(Sandbox sandbox, String address, int port) {
        return bash(sandbox, "timeout 10 bash -c 'exec 3<>/dev/tcp/%s/%d'".formatted(address, port))
                .succeeded();
    }

    private static Sandbox.Finished bash(Sandbox sandbox, String script) {
        return sandbox.run(new Sandbox.Command(List.of("bash", "-o", "pipefail", "-c", script), Duration.ofMinutes(2)));
    }

    private static String addressOfThisHost() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow()
                .getHostAddress();
    }
}
