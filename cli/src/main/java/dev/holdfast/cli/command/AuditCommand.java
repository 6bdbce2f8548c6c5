package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast audit}: what happened over a period. */
@Command(
        name = "audit",
        description = {
            "Tell what happened over a period: how many backups there were, how many of them were tested, what failed, and what became of it.",
            "The exit status is 1 if something failed and nothing has mended it yet."
        })
final class AuditCommand extends Subcommand {

    @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Only this stanza's part.")
    private @Nullable String stanza;

    @Option(
            names = "--from",
            paramLabel = "TIME|DAY|LENGTH",
            description = "The period's begin: an instant, a day, or how long ago (default: 31d).")
    private String from = "31d";

    @Option(
            names = "--to",
            paramLabel = "TIME|DAY|LENGTH",
            description = "Its end, which does not belong to it (default: now).")
    private @Nullable String to;

    AuditCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Catalog catalog = new Catalog(session().catalog());
        if (stanza != null) {
            catalog.requireStanza(Words.stanza(stanza));
        }
        Instant now = session().clock().instant();
        Doc audit = catalog.find("/audit"
                        + JsonHttp.query(List.of(
                                Map.entry("stanza", stanza == null ? "" : stanza),
                                Map.entry("from", Words.since(from, now).toString()),
                                Map.entry("to", (to == null ? now : Words.since(to, now)).toString()))))
                .orElseThrow(() -> CommandFailure.bad("the catalog at this address knows no audits"));
        answer(audit, this::print);
        boolean open = audit.docs("failures").stream()
                .anyMatch(failure -> failure.text("remedyId").isEmpty());
        return open ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private void print(Doc audit) {
        console()
                .data("%s to %s".formatted(Humanized.instant(audit.cell("from")), Humanized.instant(audit.cell("to"))));
        Table table = new Table("STANZA", "BACKUPS", "TESTED", "PROVEN", "DISPROVEN", "FAILED RUNS", "SLOTS", "MISSED");
        audit.docs("stanzas").forEach(one -> row(table, one.cell("stanza"), one.doc("figures")));
        row(table, "all", audit.doc("total"));
        table.print(console());
        for (Doc failure : audit.docs("failures")) {
            console()
                    .data("%s  %s of %s: %s; %s"
                            .formatted(
                                    Humanized.instant(failure.cell("at")),
                                    failure.cell("kind").equals("BACKUP") ? "backup" : "restore test",
                                    failure.cell("stanza"),
                                    failure.cell("message"),
                                    failure.text("remedyAt")
                                            .map(at -> "mended " + Humanized.instant(at))
                                            .orElse("not mended yet")));
        }
        Freshness.mention(console(), audit);
    }

    private static void row(Table table, String name, Doc figures) {
        table.row(
                name,
                figures.cell("backups"),
                figures.cell("backupsTested"),
                figures.cell("backupsProven"),
                figures.cell("backupsDisproven"),
                figures.cell("backupRunsFailed"),
                figures.cell("slots"),
                figures.cell("slotsMissed"));
    }
}
