package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.cli.doctor.Finding.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules over configuration files. */
class LintTest {

    private static final int PROCESSORS = 2;

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void theGuidesConfigurationHasEveryOneOfItsMistakesNamed() throws IOException {
        PgBackRestConf conf = PgBackRestConf.named(Path.of("src/test/resources/doctor/guide.conf"));

        List<Finding> findings = lint(conf, "mcpgov");

        assertThat(findings)
                .extracting(Finding::outcome, Finding::check, finding -> line(finding.where()))
                .contains(
                        tuple(Outcome.ERROR, "syntax", 3),
                        tuple(Outcome.ERROR, "syntax", 4),
                        tuple(Outcome.ERROR, "syntax", 5),
                        tuple(Outcome.ERROR, "syntax", 6),
                        tuple(Outcome.ERROR, "syntax", 7),
                        tuple(Outcome.ERROR, "syntax", 8),
                        tuple(Outcome.ERROR, "retention", 5),
                        tuple(Outcome.WARNING, "speed", 7),
                        tuple(Outcome.WARNING, "speed", 0),
                        tuple(Outcome.ERROR, "transport", 12),
                        tuple(Outcome.WARNING, "transport", 14));
        assertThat(findings)
                .filteredOn(finding -> finding.outcome() != Outcome.OK)
                .allSatisfy(finding -> {
                    assertThat(finding.why()).isNotBlank();
                    assertThat(finding.fix()).isNotBlank();
                });
        assertThat(findings)
                .extracting(Finding::fix)
                .contains("log-level-console=info, and the comment on a line of its own");
    }

    @Test
    void aSoundConfigurationHasNeitherErrorsNorWarnings() throws IOException {
        assertThat(lint("")).allMatch(finding -> finding.outcome() == Outcome.OK);
    }

    @Test
    void keysOfARoleAreLookedForWhereTheyComeFrom() throws IOException {
        assertThat(lint("repo1-type=s3\nrepo1-s3-key-type=auto"))
                .as("there or not: the machine of this test may have a role")
                .anyMatch(finding ->
                        finding.check().equals("transport") && finding.found().contains("metadata service"));
        assertThat(lint("repo1-type=s3")).noneMatch(finding -> finding.found().contains("metadata service"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repo1-retention-archive=14                           | ERROR   | no WAL is ever removed
            repo1-retention-archive=3                            | ERROR   | the WAL between older backups is removed
            repo1-retention-archive-type=diff,repo1-retention-archive=7 | WARNING | makes holes
            repo1-retention-full-type=time,repo1-retention-archive=7    | WARNING | makes holes
            archive-push-queue-max=1GiB                          | WARNING | drops WAL and tells PostgreSQL
            repo1-type=s3                                        | WARNING | whoever can read that store
            repo1-s3-endpoint=s3.amazonaws.com                   | WARNING | another region
            repo1-s3-key-type=auto,repo1-s3-key=AKIA             | WARNING | is not used
            log-level-file=trace                                 | WARNING | the disk of the logs
            process-max=9                                        | WARNING | takes all of them
            repo2-path=/var/lib/elsewhere                        | WARNING | kept until the disk is full
            repo1-host=repo.invalid                              | ERROR   | SSH with keys
            repo1-host=repo.invalid,repo1-host-type=tls          | ERROR   | TLS server
            nonsense                                             | ERROR   | reads nothing of a file
            ; a comment of another kind                          | ERROR   | only lines that begin with #
            """)
    void eachTrapIsFound(String lines, Outcome outcome, String why) throws IOException {
        List<Finding> findings = lint(lines.replace(',', '\n'));

        assertThat(findings)
                .filteredOn(finding -> finding.outcome() == outcome)
                .extracting(Finding::why)
                .anyMatch(told -> told.contains(why));
    }

    @Test
    void aRepositoryInsideTheClusterIsAnError() throws IOException {
        List<Finding> findings = lint("repo1-path=" + folder + "/cluster/backups");

        assertThat(findings).extracting(Finding::why).anyMatch(why -> why.contains("lost together with the cluster"));
    }

    @Test
    void aHostIsNotTakenForARepositoryHostWhoseClusterIsHere() throws IOException {
        Files.createDirectory(folder.resolve("cluster"));

        List<Finding> findings = lint("pg1-host=127.0.0.1");

        assertThat(findings).extracting(Finding::why).anyMatch(why -> why.contains("error 72"));
    }

    @Test
    void aManyProcessorHostWithoutProcessMaxIsTold() throws IOException {
        assertThat(SpeedRules.check(conf(""), "main", 16))
                .extracting(Finding::fix)
                .containsExactly("in [global]: process-max=8");
    }

    @Test
    void filesOfConfDAreReadTooAndTheLastSettingWins() throws IOException {
        Path included = Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(included.resolve("more.conf"), "[global]\nstart-fast=n\n[other]\npg1-path=/nowhere\n");
        Path file = conf("").file();

        PgBackRestConf conf = PgBackRestConf.read(file, true, PgBackRestConf.withIncluded(file, included));

        assertThat(conf.stanzas()).containsExactly("main", "other");
        assertThat(conf.isOn("main", "start-fast")).isFalse();
        assertThat(conf.find("main", "start-fast").map(Setting::line)).contains(2);
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r-----, repo1-cipher-pass, OK",
        "rw-r--r--, repo1-cipher-pass, ERROR",
        "rw-r--r--, repo1-bundle, OK",
        "rw-rw-rw-, repo1-bundle, ERROR"
    })
    void secretsAndModesMustFit(String modes, String option, Outcome outcome) throws IOException {
        PgBackRestConf conf = conf(option + "=y");
        Files.setPosixFilePermissions(conf.file(), PosixFilePermissions.fromString(modes));

        assertThat(FileModes.check(conf)).extracting(Finding::outcome).containsExactly(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "pgBackRest 2.45, 15, ''",
        "pgBackRest 2.45, 16, 2.46",
        "pgBackRest 2.53, 17, 2.53.1",
        "pgBackRest 2.53.1, 17, ''",
        "pgBackRest 2.54.2, 18, 2.55",
        "pgBackRest 2.60dev, 18, ''"
    })
    void aVersionIsOldOnlyForAPostgresqlThatItDoesNotKnow(String said, int postgresql, String needed) {
        assertThat(ToolVersion.read(said)
                        .flatMap(version -> version.neededFor(postgresql))
                        .map(ToolVersion::toString)
                        .orElse(""))
                .isEqualTo(needed);
    }

    private List<Finding> lint(String furtherGlobals) throws IOException {
        return lint(conf(furtherGlobals), "main");
    }

    private PgBackRestConf conf(String furtherGlobals) throws IOException {
        String text = """
                [global]
                repo1-path=%1$s/repository
                repo1-retention-full=7
                start-fast=y
                %2$s

                [main]
                pg1-path=%1$s/cluster
                """.formatted(folder, furtherGlobals);
        Path file = Files.writeString(folder.resolve("pgbackrest.conf"), text);
        return PgBackRestConf.named(file);
    }

    private static List<Finding> lint(PgBackRestConf conf, String stanza) {
        List<Finding> findings = new ArrayList<>(SyntaxRules.check(conf));
        findings.addAll(RetentionRules.check(conf, stanza));
        findings.addAll(RepositoryRules.check(conf, stanza));
        findings.addAll(TransportRules.check(conf, stanza));
        findings.addAll(SpeedRules.check(conf, stanza, PROCESSORS));
        return findings;
    }

    private static int line(String place) {
        String number = place.replaceFirst(".*:", "");
        return number.isEmpty() ? 0 : Integer.parseInt(number);
    }
}
