package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import dev.holdfast.cli.screen.Look;
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
                        STANZA   LABEL             TYPE  STATUS    AGE  SIZE  PROOF
                        mcpgov   20261122-020003F  FULL  COMPLETE  8h   4.2M  PASSED 7h
                        billing  20261121-020003F  FULL  EXPIRED   32h  -     -
                        """, ""));
    }

    @Test
    void aListOfOneStanzaWithTheLongestLabelsFitsEightyColumns() {
        catalog.answers("GET /api/v1/backups", 200, """
                {"items": [{"stanza": "mcpgov", "label": "20261121-020003F_20261122-020003D", "type": "DIFF",
                            "status": "COMPLETE", "finishedAt": "2026-11-22T02:00:07Z", "repositoryBytes": 1073741824,
                            "proof": {"verdict": "PASSED", "at": "2026-11-22T02:01:00Z"}}], "next": null}""");

        Ended all = terminal.type("list");
        Ended one = terminal.type("list", "mcpgov");

        assertThat(all.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(one.out()).isEqualTo("""
                        LABEL                              TYPE  STATUS    AGE  SIZE  PROOF
                        20261121-020003F_20261122-020003D  DIFF  COMPLETE  8h   1.0G  PASSED 7h
                        """);
    }

    @Test
    void aRunningBackupShowsHowFarItIs() {
        catalog.answers("GET /api/v1/backups", 200, """
                {"items": [{"stanza": "mcpgov", "label": null, "requestedType": "FULL", "status": "RUNNING",
                            "startedAt": "2026-11-22T10:00:00Z", "progress": {"percent": 41.7}}]}""");

        Ended ended = terminal.type("list", "mcpgov");

        assertThat(ended.out()).contains("-      FULL  RUNNING 41%  7s   -     -");
    }

    @Test
    void aListOfAStanzaThatNobodyKnowsEndsWithOneAndNamesTheKnownOnes() {
        catalog.answers("GET /api/v1/backups", 200, "{\"items\": [], \"next\": null}")
                .plays("GET /api/v1/stanzas", "stanzas.json");

        Ended ended = terminal.type("list", "mcpgv");

        assertThat(ended)
                .isEqualTo(
                        new Ended(1, "", "holdfast: the catalog knows no stanza 'mcpgv'; it knows billing, mcpgov\n"));
    }

    @Test
    void aCatalogThatIsStillReadingSaysSo() {
        catalog.answers(
                "GET /api/v1/backups",
                200,
                "{\"items\": [{\"stanza\": \"a\"}], \"asOf\": {\"caughtUp\": false, \"recordedAt\": \"2026-11-22T02:00:00Z\"}}");

        Ended ended = terminal.type("list");

        assertThat(ended.err())
                .isEqualTo(
                        "the catalog is still reading the log (it has come to 2026-11-22T02:00:00Z): the newest events may be missing here\n");
    }

    @Test
    void onATerminalVerdictsHaveColoursAndLongLinesAreBroken() {
        catalog.plays("GET /api/v1/requests/0192c3a0-0000-4000-8000-000000000001", "request.json")
                .plays("GET /api/v1/backups", "backups.json");
        terminal.look(new Look(true, 80));

        Ended list = terminal.type("list");
        Ended trace = terminal.type("trace", "0192c3a0-0000-4000-8000-000000000001");

        assertThat(list.out())
                .contains("\u001b[32mPASSED\u001b[0m 7h", "\u001b[33mEXPIRED\u001b[0m", "\u001b[1mSTANZA\u001b[0m");
        assertThat(trace.out().lines().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")))
                .allMatch(line -> line.length() <= 80)
                .contains(
                        "02:01:00  RestoreTestCompleted  validator  label 20261122-020003F, verdict",
                        "                                           PASSED, rung CONTENT_CHECKED, reason");
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
        catalog.answers("GET /api/v1/backups", 200, "{\"items\": [], \"next\": null}")
                .answers("GET /api/v1/stanzas/mcpgov", 200, "{\"stanza\": \"mcpgov\"}");

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
        catalog.answers("GET /api/v1/stanzas/mcpgov", 200, "{\"stanza\": \"mcpgov\"}");

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
                        on 2026-11-22, UTC
                        AT        EVENT                 BY         WHAT
                        02:00:00  BackupRequested       cli        type FULL, reason before the upgrade
                        02:00:01  BackupStarted         runner     runner db1
                        02:00:07  BackupCompleted       runner     label 20261122-020003F, effectiveType FULL, status COMPLETE
                        02:01:00  RestoreTestCompleted  validator  label 20261122-020003F, verdict PASSED, rung CONTENT_CHECKED, reason all checks passed
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
                        STANZA   LAST BACKUP  LAST PROOF     RECOVERABLE   OBJECTIVES
                        billing  -            -              -             -
                        mcpgov   FULL 8h ago  PASSED 7h ago  8h to 2m ago  met
                        """, ""));
    }

    @Test
    void aBreachedObjectiveEndsAStatusWithOne() {
        catalog.answers("GET /api/v1/stanzas", 200, """
                {"items": [{"stanza": "mcpgov",
                  "objectives": [{"name": "proofAge", "met": false, "value": "PT217H", "limit": "PT192H",
                                  "since": "2026-11-21T09:00:07Z", "detail": "no test has passed since"}],
                  "repositories": [{"repository": 1, "ok": true, "gaps": [
                    {"first": "000000010000000000000007", "last": "000000010000000000000008", "segments": 2}]}]}]}""");

        Ended ended = terminal.type("status");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out())
                .contains(
                        "BREACHED proofAge\n",
                        "mcpgov: proofAge is breached since 25h: at most 8d is promised, it is 9d 1h (no test has passed since)\n",
                        "mcpgov: repository 1 misses 2 WAL segment(s), 000000010000000000000007 to 000000010000000000000008\n");
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
