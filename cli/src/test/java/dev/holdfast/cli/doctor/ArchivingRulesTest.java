package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.doctor.Finding.Outcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster's settings may say. */
class ArchivingRulesTest {

    private static final String GOOD_COMMAND = "pgbackrest --config=/srv/pgbackrest.conf --stanza=main archive-push %p";

    @Test
    void aClusterThatArchivesAsItShallHasNoFindingButOne() {
        assertThat(findings(Map.of())).extracting(Finding::outcome).containsExactly(Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            archive_mode     | off                                     | ERROR   | archive_mode is off
            archive_command  | (disabled)                              | ERROR   | archive_command is not set
            archive_command  | /bin/true                               | ERROR   | archive_command is '/bin/true'
            archive_command  | pgbackrest --config=/srv/pgbackrest.conf --stanza=other archive-push %p | ERROR | pushes to the stanza other
            archive_command  | pgbackrest --config=/srv/other.conf --stanza=main archive-push %p | WARNING | reads /srv/other.conf
            archive_command  | /opt/pgbackrest --config=/srv/pgbackrest.conf --stanza=main archive-push %p | ERROR | which is not there
            archive_library  | basic_archive                           | ERROR   | archive_library is
            wal_level        | minimal                                 | ERROR   | wal_level is minimal
            archiver_failing | t                                       | ERROR   | the archiver fails at
            waiting_segments | 40                                      | WARNING | 40 segments wait
            archive_timeout  | 0                                       | WARNING | archive_timeout is off
            restore_command  | cp /x %p                                | WARNING | restore_command is set on a primary
            wal_keep_size    | 1024                                    | WARNING | wal_keep_size is 1024 MB
            max_wal_senders  | 3                                       | WARNING | max_wal_senders is 3
            """)
    void eachTrapIsFound(String setting, String value, Outcome outcome, String found) {
        List<Finding> findings = findings(Map.of(setting, value));

        assertThat(findings)
                .filteredOn(finding -> finding.outcome() == outcome)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.found()).contains(found);
                    assertThat(finding.why()).isNotBlank();
                    assertThat(finding.fix()).isNotBlank();
                });
    }

    @Test
    void aStandbyMayHaveARestoreCommand() {
        assertThat(findings(Map.of("in_recovery", "t", "restore_command", "cp /x %p", "wal_keep_size", "1024")))
                .extracting(Finding::outcome)
                .containsExactly(Outcome.OK);
    }

    private static List<Finding> findings(Map<String, String> differing) {
        Map<String, String> facts = new HashMap<>(Map.of(
                "wal_level", "replica",
                "archive_mode", "on",
                "archive_command", GOOD_COMMAND,
                "archive_timeout", "60",
                "wal_keep_size", "0",
                "in_recovery", "f",
                "archiver_failing", "f",
                "waiting_segments", "0"));
        facts.putAll(differing);
        PgBackRestConf conf = new PgBackRestConf(Path.of("/srv/pgbackrest.conf"), false, List.of(), List.of());
        return new ArchivingRules(conf, "main", facts).check();
    }
}
