package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code list}, {@code show}, {@code trace} and {@code status} over recorded answers of the catalog. */
class QueriesTest {

    private final RecordedService catalog = new RecordedService();

    private Terminal terminal = new Terminal(Path.of("."));

    @BeforeEach
    void pointAtTheCatalog(@TempDir Path home) {
        terminal = new Terminal(home).env("HOLDFAST_CATALOG", catalog.url()).at("2026-11-22T10:00:07Z");
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    @Test
    void aListShowsAgesAndSizesForPeople() {
        catalog.plays("GET /api/v1/backups", "backups.json");

        Ended ended = terminal.type("list");

        assertThat(ended).isEqualTo(new Ended(0, """
                        STANZA   LABEL             TYPE  STATUS    FINISHED   SIZE     PROOF   RUNG             PROVEN
                        mcpgov   20261122-020003F  FULL  COMPLETE  8h ago     4.2 MiB  PASSED  CONTENT_CHECKED  7h 59m ago
                        billing  20261121-020003F  FULL  EXPIRED   1d 8h ago  -        -       -                -
                        """, ""));
    }

    @Test
    void aListAsJsonKeepsTheCatalogsKeysAndRawValues() {
        catalog.plays("GET /api/v1/backups", "backups.json");

        Ended ended = terminal.type("-o", "json", "list");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains(
                        "\"repositoryBytes\" : 4404019",
                        "\"at\" : \"2026-11-22T02:01:00Z\"",
                        "\"next\" : null",
                        "\"asOf\"");
    }

    @Test
    void aListAsYamlHasTheSameKeys() {
        catalog.plays("GET /api/v1/backups", "backups.json");

        Ended ended = terminal.type("list", "-o", "yaml");

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).startsWith("items:\n- stanza: mcpgov\n").contains("  repositoryBytes: 4404019\n");
    }

    @Test
    void filtersOfAListBecomeTheCatalogsParameters() {
        catalog.plays("GET /api/v1/backups", "backups.json");

        terminal.type("list", "mcpgov", "--type", "diff", "--since", "1d", "--unproven", "--limit", "7");

        assertThat(catalog.asked())
                .containsExactly(
                        "GET /api/v1/backups?stanza=mcpgov&type=DIFF&from=2026-11-21T10%3A00%3A07Z&proven=false&limit=7");
    }

    @Test
    void aListReadsFurtherPagesUntilTheLimit() {
        catalog.answers("GET /api/v1/backups", 200, "{\"items\": [{\"stanza\": \"a\"}], \"next\": \"more\"}");

        Ended ended = terminal.type("list", "--limit", "2");

        assertThat(catalog.asked())
                .containsExactly("GET /api/v1/backups?limit=2", "GET /api/v1/backups?limit=1&cursor=more");
        assertThat(ended.err()).contains("there are more; raise --limit (now 2)");
    }

    @Test
    void anEmptyListSaysWhatToDoAndKeepsStdoutEmpty() {
        catalog.answers("GET /api/v1/backups", 200, "{\"items\": [], \"next\": null}");

        Ended ended = terminal.type("list", "mcpgov");

        assertThat(ended).isEqualTo(new Ended(0, "", "no backups yet; make one: holdfast backup mcpgov\n"));
    }

    @Test
    void aBackupIsShownWithTheWayToProveIt() {
        catalog.plays("GET /api/v1/backups/mcpgov/20261122-020003F", "backup.json");

        Ended ended = terminal.type("show", "mcpgov", "20261122-020003F");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("finishedAt       2026-11-22T02:00:07Z (8h ago)\n")
                .contains("repositoryBytes  4.2 MiB (4404019)\n")
                .contains("none yet; make one: holdfast prove mcpgov --label 20261122-020003F --wait\n");
    }

    @Test
    void aLabelAloneIsFoundAmongTheStanzas() {
        catalog.plays("GET /api/v1/stanzas", "stanzas.json")
                .plays("GET /api/v1/backups/mcpgov/20261122-020003F", "backup.json");

        Ended ended = terminal.type("show", "20261122-020003F", "-o", "json");

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("\"stanza\" : \"mcpgov\"");
    }

    @Test
    void aLabelThatSeveralStanzasShareIsAUsageErrorThatListsThem() {
        catalog.plays("GET /api/v1/stanzas", "stanzas.json")
                .answers("GET /api/v1/backups/billing/20261122-020003F", 200, "{\"stanza\": \"billing\"}")
                .plays("GET /api/v1/backups/mcpgov/20261122-020003F", "backup.json");

        Ended ended = terminal.type("show", "20261122-020003F");

        assertThat(ended)
                .isEqualTo(
                        new Ended(
                                2,
                                "",
                                "holdfast: several stanzas have a backup 20261122-020003F: billing, mcpgov. Name the stanza first.\n"));
    }

    @Test
    void aBackupThatIsNotThereEndsWithOne() {
        Ended ended = terminal.type("show", "mcpgov", "20261122-020003F");

        assertThat(ended)
                .isEqualTo(
                        new Ended(
                                1,
                                "",
                                "holdfast: stanza mcpgov has no backup 20261122-020003F in the catalog; see holdfast list mcpgov\n"));
    }

    @Test
    void aTraceTellsTheStoryOfARequest() {
        catalog.plays("GET /api/v1/requests/0192c3a0-0000-4000-8000-000000000001", "request.json");

        Ended ended = terminal.type("trace", "0192c3a0-0000-4000-8000-000000000001");

        assertThat(ended).isEqualTo(new Ended(0, """
                        0192c3a0-0000-4000-8000-000000000001  mcpgov  BACKUP  PROVEN
                        AT                    EVENT                 BY            WHAT
                        2026-11-22T02:00:00Z  BackupRequested       cli/db1       type FULL, reason before the upgrade
                        2026-11-22T02:00:01Z  BackupStarted         runner/db1    runner db1
                        2026-11-22T02:00:07Z  BackupCompleted       runner/db1    label 20261122-020003F, effectiveType FULL, status COMPLETE
                        2026-11-22T02:01:00Z  RestoreTestCompleted  validator/v1  label 20261122-020003F, verdict PASSED, rung CONTENT_CHECKED, reason all checks passed
                        """, ""));
    }

    @Test
    void aTraceOfALabelIsThatOfTheRequestThatMadeTheBackup() {
        catalog.plays("GET /api/v1/backups/mcpgov/20261122-020003F", "backup.json")
                .plays("GET /api/v1/requests/0192c3a0-0000-4000-8000-000000000001", "request.json");

        Ended ended = terminal.type("trace", "mcpgov", "20261122-020003F", "-o", "json");

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("\"state\" : \"PROVEN\"", "\"type\" : \"BackupRequested\"");
    }

    @Test
    void aStatusWithoutABreachEndsWithZero() {
        catalog.plays("GET /api/v1/stanzas", "stanzas.json");

        Ended ended = terminal.type("status");

        assertThat(ended).isEqualTo(new Ended(0, """
                        STANZA   LAST BACKUP       TYPE  AGE     LAST PROOF  RUNG             AGE         WINDOW                                        OBJECTIVES
                        billing  -                 -     -       -           -                -           -                                             -
                        mcpgov   20261122-020003F  FULL  8h ago  PASSED      CONTENT_CHECKED  7h 59m ago  2026-11-22T02:00:07Z to 2026-11-22T09:58:00Z  met
                        """, ""));
    }

    @Test
    void aBreachedObjectiveEndsAStatusWithOne() {
        catalog.answers(
                "GET /api/v1/stanzas",
                200,
                "{\"items\": [{\"stanza\": \"mcpgov\", \"objectives\": [{\"name\": \"proofAge\", \"met\": false}]}]}");

        Ended ended = terminal.type("status");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("BREACHED: proofAge");
    }

    @Test
    void anEmptyStatusSaysHowAStanzaAppears() {
        catalog.answers("GET /api/v1/stanzas", 200, "{\"items\": []}");

        Ended ended = terminal.type("status");

        assertThat(ended.status()).isZero();
        assertThat(ended.err()).contains("no stanza is known yet");
    }

    @Test
    void aCatalogThatIsOutOfOrderCountsAsUnreachable() {
        catalog.answers("GET /api/v1/stanzas", 503, "{\"detail\": \"the catalog's database does not answer\"}");

        Ended ended = terminal.type("status");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err())
                .contains("cannot reach the catalog at " + catalog.url(), "the catalog's database does not answer")
                .hasLineCount(1);
    }

    @Test
    void somethingElseBehindTheAddressIsSaidToBeNoCatalog() {
        catalog.answers("GET /api/v1/stanzas", 200, "<html>hello</html>");

        Ended ended = terminal.type("status");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err()).contains("not with JSON: is that address really the catalog?");
    }
}
