package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast missing}: has anything gone missing. */
@Command(
        name = "missing",
        description = {
            "Tell whether anything has gone missing: backups, WAL, requests, evidence, records.",
            "The exit status is 1 if anything has."
        })
final class MissingCommand extends Subcommand {

    @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Only what belongs to this stanza.")
    private @Nullable String stanza;

    MissingCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Catalog catalog = new Catalog(session().catalog());
        if (stanza != null) {
            catalog.requireStanza(Words.stanza(stanza));
        }
        Doc missing = catalog.find(
                        "/missing" + JsonHttp.query(List.of(Map.entry("stanza", stanza == null ? "" : stanza))))
                .orElseThrow(() -> CommandFailure.bad("the catalog at this address does not know what is missing"));
        answer(missing, this::print);
        return missing.isTrue("nothing") ? ExitStatus.GOOD : ExitStatus.BAD;
    }

    private void print(Doc missing) {
        Instant now = session().clock().instant();
        if (missing.isTrue("nothing")) {
            console().data("nothing that the catalog knows of");
        }
        lines(
                missing,
                "vanished",
                gone -> "backup %s of %s is gone from repository %s, noticed %s: %s"
                        .formatted(
                                gone.cell("label"),
                                gone.cell("stanza"),
                                gone.cell("repository"),
                                Humanized.age(gone.cell("noticedAt"), now),
                                gone.cell("detail")));
        lines(
                missing,
                "walGaps",
                gap -> "%s WAL segment(s) of %s, repository %s: %s to %s"
                        .formatted(
                                gap.cell("segments"),
                                gap.cell("stanza"),
                                gap.cell("repository"),
                                gap.cell("first"),
                                gap.cell("last")));
        lines(
                missing,
                "foreignTimelines",
                foreign -> "%s, repository %s holds WAL of timeline %s, which production never had"
                        .formatted(foreign.cell("stanza"), foreign.cell("repository"), foreign.cell("timeline")));
        lines(
                missing,
                "unknownRequests",
                run -> "the request %s of %s, which is %s, is not in the log"
                        .formatted(run.cell("requestId"), run.cell("stanza"), run.cell("state")));
        lines(
                missing,
                "missingEvidence",
                test -> "restore test %s of %s is %s and left no signed evidence"
                        .formatted(test.cell("testId"), test.cell("stanza"), test.cell("verdict")));
        lines(
                missing,
                "unreadable",
                record -> "record %s, partition %s, offset %s cannot be read: %s"
                        .formatted(
                                record.cell("topic"),
                                record.cell("partition"),
                                record.cell("offset"),
                                record.cell("reason")));
        Freshness.mention(console(), missing);
    }

    private void lines(Doc missing, String list, Function<Doc, String> words) {
        missing.docs(list).forEach(one -> console().data(words.apply(one)));
    }
}
