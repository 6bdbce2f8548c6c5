package dev.holdfast.validator.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryLocatorTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "repo1-s3-endpoint=s3.eu-central-1.amazonaws.com | backups.s3.eu-central-1.amazonaws.com | 443",
                "repo1-s3-endpoint=minio.example,repo1-s3-uri-style=path | minio.example | 443",
                "repo1-s3-endpoint=https://minio.example:9000,repo1-s3-uri-style=path | minio.example | 9000",
                "repo1-s3-endpoint=minio.example,repo1-storage-host=proxy.example,repo1-storage-port=9443 | proxy.example | 9443"
            })
    void aBucketIsBehindItsEndpoint(String lines, String host, int port) throws IOException {
        RepositoryPlace place = locate("repo1-type=s3,repo1-s3-bucket=backups," + lines, Map.of());

        assertThat(place.where())
                .isInstanceOfSatisfying(
                        RepositoryPlace.Remote.class,
                        remote -> assertThat(remote.address()).isEqualTo(host + ":" + port));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "repo1-host=backup.example | over SSH",
                "repo1-type=gcs,repo1-gcs-bucket=b | is of type gcs",
                "repo1-type=s3,repo1-s3-bucket=b,repo1-s3-endpoint=e,repo1-s3-key-type=auto | keys of its own that may only read",
                "repo1-type=s3,repo1-s3-bucket=b | lacks repo1-s3-endpoint",
                "repo1-type=s3,repo1-s3-bucket=b,repo1-s3-endpoint=10.0.0.7,repo1-s3-uri-style=path | name it",
                "repo1-host=backup.example,repo1-host-type=tls,repo1-host-cert-file=/no/such/file | no such file"
            })
    void whatNoSandboxIsLedToIsAFaultOfTheConfigurationThatSaysWhatToDo(String lines, String told) {
        ProofStopped stopped = catchThrowableOfType(ProofStopped.class, () -> locate(lines, Map.of()));

        assertThat(stopped.conclusion().reason()).isEqualTo(Reason.CONFIGURATION);
        assertThat(stopped.conclusion().message()).contains(told);
    }

    @Test
    void valuesOfTheEnvironmentTakeThePlaceOfTheFilesWhereverTheyStand() throws IOException {
        RepositoryPlace place = locate(
                "repo1-type=s3,repo1-s3-bucket=b,repo1-s3-endpoint=e.example,repo1-s3-key=old,pg1-host=db.example,pg1-path=/data",
                Map.of("PGBACKREST_REPO1_S3_KEY", "new", "PGBACKREST_STANZA", "other", "HOME", "/root"));

        assertThat(place.settings())
                .contains("\nrepo1-s3-key=new\n", "pg1-path=/data")
                .doesNotContain("old", "other", "db.example", "/root");
        assertThat(place.toString()).doesNotContain("new");
    }

    @Test
    void aSandboxIsToldOfTheRepositoryThatIsTestedAlone() throws IOException {
        String all =
                "repo1-path=/one,repo1-cipher-pass=first,repo2-type=s3,repo2-s3-bucket=b,repo2-s3-endpoint=e.example,process-max=2";

        RepositoryPlace place = locate(
                all, Map.of("PGBACKREST_REPO1_S3_KEY", "other", "PGBACKREST_REPO2_S3_KEY", "own"), OptionalInt.of(2));

        assertThat(place.settings())
                .contains("repo2-s3-bucket=b", "repo2-s3-key=own", "process-max=2")
                .doesNotContain("repo1", "first", "other");
        assertThat(new RepositoryLocator(folder.resolve("pgbackrest.conf"), Map.of()).others(order(OptionalInt.of(2))))
                .containsExactly(1);
    }

    @Test
    void theFolderBesideTheFileBelongsToIt() throws IOException {
        Path beside = Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(beside.resolve("cipher.conf"), "[global]\nrepo1-cipher-pass=secret\n");

        RepositoryPlace place = locate("repo1-type=s3,repo1-s3-bucket=b,repo1-s3-endpoint=e.example", Map.of());

        assertThat(place.settings()).contains("\nrepo1-cipher-pass=secret\n");
    }

    private RepositoryPlace locate(String lines, Map<String, String> environment) throws IOException {
        return locate(lines, environment, OptionalInt.empty());
    }

    private RepositoryPlace locate(String lines, Map<String, String> environment, OptionalInt repository)
            throws IOException {
        Path file = folder.resolve("pgbackrest.conf");
        Files.writeString(file, "[global]\n" + lines.replace(',', '\n') + "\n[shop]\n");
        return new RepositoryLocator(file, environment).locate(order(repository));
    }

    private static TestOrder order(OptionalInt repository) {
        return new TestOrder(
                UUID.randomUUID(), "shop", repository, Optional.empty(), Selection.NEWEST, new Target.Latest());
    }
}
