package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code plan} and {@code catalog rebuild} over recorded answers of the catalog. */
class PlanTest {

    private static final String RECOVERABILITY = "GET /api/v1/stanzas/mcpgov/recoverability";

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
    void aProvenInstantIsToldWithItsProofItsEstimateAndTheWholeCommand() {
        catalog.plays(RECOVERABILITY, "recoverability.json");

        Ended ended = terminal.type("plan", "mcpgov", "--at", "2026-11-22T10:00:00+01:00");

        assertThat(catalog.asked())
                .containsExactly("GET /api/v1/stanzas/mcpgov/recoverability?at=2026-11-22T09%3A00%3A00Z");
        assertThat(ended).isEqualTo(new Ended(0, """
                        PROVEN  mcpgov at 2026-11-22T09:00:00Z (1h ago)
                        reason    a restore test has replayed this backup beyond that instant
                        backup    20261122-020003F, FULL, finished 8h ago
                        WAL       000000010000000000000002 to 00000001000000000000000A
                        estimate  12s, hardly more than 30s (3 measured restores of this stanza)
                        proof     PASSED, CONTENT_CHECKED, by test 0192c3a0-0000-4000-8000-000000000002 30m ago

                        On the database host, as its operating system user, with PostgreSQL stopped:
                          pgbackrest --stanza=mcpgov --repo=1 --set=20261122-020003F --type=time "--target=2026-11-22 09:00:00+00" --target-timeline=current --target-action=promote restore

                        From stop to start, on a host. On the host.
                          sudo systemctl stop postgresql
                          sudo systemctl start postgresql

                        On Kubernetes. In the namespace.
                          kubectl get pods
                        """, ""));
    }

    @Test
    void anInstantThatCannotBeReachedEndsWithOneAndTheReason() {
        catalog.answers(RECOVERABILITY, 200, """
                {"stanza": "mcpgov", "at": "2026-11-22T08:00:07Z", "answer": "INFEASIBLE",
                 "reason": "that lies in a gap of the archive between two recoverable windows", "backup": null,
                 "walFrom": null, "walTo": null, "commands": [], "estimate": null, "proof": null}""");

        Ended ended = terminal.type("plan", "mcpgov", "--at", "2h");

        assertThat(ended).isEqualTo(new Ended(1, """
                        INFEASIBLE  mcpgov at 2026-11-22T08:00:07Z (2h ago)
                        reason  that lies in a gap of the archive between two recoverable windows
                        """, ""));
        assertThat(catalog.asked())
                .containsExactly("GET /api/v1/stanzas/mcpgov/recoverability?at=2026-11-22T08%3A00%3A07Z");
    }

    @Test
    void aPlanAsJsonIsTheCatalogsOwn() {
        catalog.plays(RECOVERABILITY, "recoverability.json");

        Ended ended = terminal.type("plan", "mcpgov", "--at", "2026-11-22T09:00:00Z", "-o", "json");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("\"answer\" : \"PROVEN\"", "\"p95Seconds\" : 30.4", "--target-action=promote restore\"");
    }

    @Test
    void aStanzaThatNobodyKnowsEndsWithOneAndNamesTheKnownOnes() {
        catalog.plays("GET /api/v1/stanzas", "stanzas.json");

        Ended ended = terminal.type("plan", "mcpgv", "--at", "2h");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("the catalog knows no stanza 'mcpgv'; it knows billing, mcpgov");
    }

    @Test
    void aRebuildIsAskedFor() {
        catalog.answers("POST /api/v1/rebuild", 202, "{\"rebuild\": \"wanted\"}");

        Ended ended = terminal.type("catalog", "rebuild");

        assertThat(ended).isEqualTo(new Ended(0, "rebuild requested\n", ""));
        assertThat(catalog.asked()).containsExactly("POST /api/v1/rebuild {}");
    }

    @Test
    void aRebuildIsWaitedForUntilTheCatalogWantsNoneAnyMore() {
        catalog.answers("POST /api/v1/rebuild", 202, "{\"rebuild\": \"wanted\"}")
                .answers("GET /api/v1/rebuild", 200, "{\"wanted\": false}");

        Ended ended = terminal.type("catalog", "rebuild", "--wait");

        assertThat(ended).isEqualTo(new Ended(0, "the rebuilt catalog answers\n", ""));
    }

    @Test
    void aRebuildThatTakesTooLongEndsWithFour(@TempDir Path home) {
        catalog.answers("POST /api/v1/rebuild", 202, "{\"rebuild\": \"wanted\"}")
                .answers("GET /api/v1/rebuild", 200, "{\"wanted\": true}");

        Ended ended = new Terminal(home)
                .env("HOLDFAST_CATALOG", catalog.url())
                .type("catalog", "rebuild", "--wait", "--timeout", "1s", "-o", "json");

        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.out()).contains("\"rebuild\" : \"wanted\"");
        assertThat(ended.err()).contains("the time is up; the rebuild goes on");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | {}
            405 | {"title": "Method Not Allowed"}
            """)
    void aCatalogThatDoesNotTellOfItsRebuildIsNotTakenForReady(int status, String body) {
        catalog.answers("POST /api/v1/rebuild", 202, "{\"rebuild\": \"wanted\"}")
                .answers("GET /api/v1/rebuild", status, body);

        Ended ended = terminal.type("catalog", "rebuild", "--wait");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("this catalog does not tell how far it is");
    }
}
