package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code exposure}, {@code expiry}, {@code slots}, {@code missing}, {@code audit} over recorded answers of the catalog. */
class QuestionsTest {

    private final RecordedService catalog = new RecordedService();

    private Terminal terminal = new Terminal(Path.of("."));

    @BeforeEach
    void pointAtTheCatalog(@TempDir Path home) {
        terminal = new Terminal(home).env("HOLDFAST_CATALOG", catalog.url()).at("2026-11-22T10:00:00Z");
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    @Test
    void exposureSaysWhatWouldBeLostAndHowThatIsKnown() {
        catalog.answers("GET /api/v1/exposure/orders", 200, """
                {"stanza": "orders", "loss": "PT1H5M", "observedAt": "2026-11-22T09:58:00Z", "basis": "from the last archived WAL to now"}""");

        assertThat(terminal.type("exposure", "orders")).isEqualTo(new Ended(0, """
                        orders would lose up to 1h 5m
                          from the last archived WAL to now; looked at 2m ago
                        """, ""));
    }

    @Test
    void anUnknownExposureIsNotGood() {
        catalog.answers("GET /api/v1/exposure/orders", 200, "{\"loss\": null, \"basis\": \"not known\"}");

        Ended ended = terminal.type("exposure", "orders");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("not known what would be lost");
    }

    @Test
    void slotsShowWhatBecameOfTheirRequestsAndAFailedOneIsBad() {
        catalog.answers("GET /api/v1/slots", 200, """
                {"items": [
                  {"stanza": "orders", "schedule": "daily", "slot": "2026-11-22T02:00:00Z", "outcome": "REQUESTED", "requestState": "FAILED", "reason": ""},
                  {"stanza": "crm", "schedule": "daily", "slot": "2026-11-22T02:00:00Z", "outcome": "SKIPPED_BLACKOUT", "requestState": null, "reason": "month start"}],
                 "next": null}""");

        Ended ended = terminal.type("slots", "--since", "12h", "--outcome", "requested");

        assertThat(ended).isEqualTo(new Ended(1, """
                        DUE     STANZA  SCHEDULE  DECIDED           CAME TO  WHY
                        8h ago  orders  daily     requested         FAILED   -
                        8h ago  crm     daily     skipped blackout  -        month start
                        """, ""));
        assertThat(catalog.asked().getFirst()).contains("from=2026-11-21T22%3A00%3A00Z", "outcome=REQUESTED");
    }

    @Test
    void whatWasLeftOutAsPlannedIsGood() {
        catalog.answers("GET /api/v1/slots", 200, """
                {"items": [{"stanza": "crm", "schedule": "daily", "slot": "2026-11-22T02:00:00Z", "outcome": "SKIPPED_PAUSED"}]}""");

        assertThat(terminal.type("slots").status()).isZero();
    }

    @Test
    void whatIsMissingIsNamedLineByLine() {
        catalog.answers("GET /api/v1/missing", 200, """
                {"nothing": false,
                 "vanished": [{"stanza": "crm", "label": "20261102-020003F", "repository": 1, "noticedAt": "2026-11-22T09:00:00Z", "detail": "not listed any more"}],
                 "walGaps": [{"stanza": "crm", "repository": 1, "segments": 4, "first": "000000010000000000000017", "last": "00000001000000000000001A"}],
                 "unreadable": [{"topic": "holdfast.backup.events", "partition": 0, "offset": 7, "reason": "no zero byte"}]}""");

        Ended ended = terminal.type("missing");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out().lines())
                .containsExactly(
                        "backup 20261102-020003F of crm is gone from repository 1, noticed 1h ago: not listed any more",
                        "4 WAL segment(s) of crm, repository 1: 000000010000000000000017 to 00000001000000000000001A",
                        "record holdfast.backup.events, partition 0, offset 7 cannot be read: no zero byte");
    }

    @Test
    void nothingMissingIsGood() {
        catalog.answers("GET /api/v1/missing", 200, "{\"nothing\": true}");

        assertThat(terminal.type("missing")).isEqualTo(new Ended(0, "nothing that the catalog knows of\n", ""));
    }

    @Test
    void anAuditHasPopulationSampleAndWhatBecameOfFailures() {
        String figures =
                "{\"backups\": 30, \"backupsTested\": 12, \"backupsProven\": 11, \"backupsDisproven\": 1, \"backupRunsFailed\": 1, \"slots\": 31, \"slotsMissed\": 0}";
        catalog.answers("GET /api/v1/audit", 200, """
                {"from": "2026-07-01T00:00:00Z", "to": "2026-10-01T00:00:00Z", "total": %1$s,
                 "stanzas": [{"stanza": "orders", "figures": %1$s}],
                 "failures": [{"kind": "BACKUP", "stanza": "orders", "at": "2026-08-01T02:00:00Z", "message": "disk full", "remedyId": "x", "remedyAt": "2026-08-01T03:00:00Z"}]}""".formatted(figures));

        Ended ended = terminal.type("audit", "--from", "2026-07-01", "--to", "2026-10-01");

        assertThat(ended).isEqualTo(new Ended(0, """
                        2026-07-01T00:00:00Z to 2026-10-01T00:00:00Z
                        STANZA  BACKUPS  TESTED  PROVEN  DISPROVEN  FAILED RUNS  SLOTS  MISSED
                        orders  30       12      11      1          1            31     0
                        all     30       12      11      1          1            31     0
                        2026-08-01T02:00:00Z  backup of orders: disk full; mended 2026-08-01T03:00:00Z
                        """, ""));
    }

    @Test
    void aFailureThatNothingHasMendedIsBad() {
        catalog.answers("GET /api/v1/audit", 200, """
                {"failures": [{"kind": "RESTORE_TEST", "stanza": "orders", "at": "2026-08-01T02:00:00Z", "message": "damage", "remedyId": null}]}""");

        Ended ended = terminal.type("audit");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("restore test of orders: damage; not mended yet");
    }

    @Test
    void expiryTellsWhatGoesAndThatTheLastProofWouldGoWithIt() {
        catalog.answers("GET /api/v1/stanzas/orders/expiry", 200, """
                {"stanza": "orders", "repositories": [{"repository": 1, "explanation": "2 full backups are kept",
                  "next": [{"label": "20261101-020003F", "type": "FULL", "trigger": "NEXT_FULL", "takesAlong": ["20261101-020003F_20261102-020003D"],
                            "proof": {"verdict": "PASSED"}, "lastProven": true}]}]}""");

        assertThat(terminal.type("expiry", "orders")).isEqualTo(new Ended(1, """
                        repository 1: 2 full backups are kept
                        LABEL             TYPE  GOES                TAKES ALONG  PROOF
                        20261101-020003F  FULL  with the next full  1            PASSED, the last one
                        """, ""));
    }

    @Test
    void statusNamesOnlyStanzasWithoutAValidBackupIfAsked() {
        catalog.plays("GET /api/v1/stanzas", "stanzas.json");

        Ended some = terminal.type("status", "--without-valid-backup", "24h");
        catalog.answers("GET /api/v1/stanzas", 200, "{\"items\": [], \"next\": null}");
        Ended none = terminal.type("status", "--without-valid-backup", "24h");

        assertThat(some.status()).isEqualTo(1);
        assertThat(catalog.asked().getFirst()).contains("withoutValidBackupFor=PT24H");
        assertThat(none).isEqualTo(new Ended(0, "every stanza has a valid backup that ended in the last 24h\n", ""));
    }
}
