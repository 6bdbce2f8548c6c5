package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.doctor.Finding.Outcome;
import dev.holdfast.testsupport.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules over real certificates and keys. */
class CertificateRulesIT {

    private final CertificateAuthority authority = CertificateAuthority.create();

    @TempDir
    private Path folder = Path.of(".");

    @AfterEach
    void close() {
        authority.close();
    }

    @Test
    void whatIsInOrderIsSaidToBe() throws IOException {
        CertificateAuthority.Certified certified = authority.issue("runner");

        List<Finding> findings = check(
                """
                repo1-host=backup.example
                repo1-host-type=tls
                repo1-host-ca-file=%s
                repo1-host-cert-file=%s
                repo1-host-key-file=%s
                """.formatted(authority.certificate(), certified.certificate(), certified.key()),
                Instant.now().minus(Duration.ofDays(3)));

        assertThat(findings).hasSize(3).allMatch(finding -> finding.outcome() == Outcome.OK);
    }

    @Test
    void aCertificateThatIsOverIsAnErrorAndOneThatSoonIsAWarning() throws IOException {
        CertificateAuthority.Certified over = authority.issueExpired("runner");

        assertThat(check("repo1-host-cert-file=" + over.certificate(), Instant.now()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.outcome()).isEqualTo(Outcome.ERROR);
                    assertThat(finding.found()).contains("CN=runner ended on");
                });
        assertThat(check(
                        "tls-server-cert-file=" + authority.certificate(),
                        Instant.now().plus(Duration.ofDays(20))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
                    assertThat(finding.found()).contains("ends on");
                });
    }

    @ParameterizedTest
    @CsvSource({"rw-------, OK", "rw-r-----, ERROR", "rw----r--, ERROR"})
    void aKeyIsItsOwnersAlone(String modes, Outcome outcome) throws IOException {
        Path key = authority.issue("runner").key();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(modes));

        assertThat(check("tls-server-key-file=" + key, Instant.now()))
                .extracting(Finding::outcome)
                .containsExactly(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repo1-type=s3                                   | ERROR   | repo1-s3-bucket is not set
            repo1-type=s3                                   | ERROR   | repo1-s3-region is not set
            repo1-host=b,repo1-host-type=tls                | ERROR   | repo1-host-key-file is not set
            pg1-host=d,pg1-host-type=tls                    | ERROR   | pg1-host-cert-file is not set
            repo1-storage-verify-tls=n                      | WARNING | certificate is not checked
            repo1-storage-ca-file=/no/such/ca.crt           | ERROR   | cannot be read
            tls-server-key-file=/no/such/server.key         | ERROR   | cannot be read
            """)
    void eachTrapIsFound(String lines, Outcome outcome, String what) throws IOException {
        assertThat(check(lines.replace(',', '\n'), Instant.now()))
                .filteredOn(finding -> finding.outcome() == outcome)
                .extracting(Finding::found)
                .anyMatch(told -> told.contains(what));
    }

    private List<Finding> check(String lines, Instant now) throws IOException {
        Path file = Files.writeString(
                folder.resolve("pgbackrest.conf"), "[global]\n%s\n[main]\npg1-path=/nowhere\n".formatted(lines));
        return CertificateRules.check(PgBackRestConf.named(file), "main", now);
    }
}
