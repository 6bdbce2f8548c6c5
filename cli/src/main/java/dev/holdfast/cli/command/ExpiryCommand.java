package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast expiry}: what will expire next. */
@Command(
        name = "expiry",
        description = {
            "Tell what retention removes next, and what goes with it.",
            "Nothing is removed. The exit status is 1 if nothing that is proven would stay."
        })
final class ExpiryCommand extends Subcommand {

    @Parameters(paramLabel = "STANZA", description = "The stanza.")
    private String stanza = "";

    ExpiryCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Catalog catalog = new Catalog(session().catalog());
        Doc expiry = catalog.find("/stanzas/" + JsonHttp.encoded(Words.stanza(stanza)) + "/expiry")
                .orElseGet(() -> {
                    catalog.requireStanza(stanza);
                    throw CommandFailure.bad("the catalog at this address cannot tell what expires");
                });
        answer(expiry, this::print);
        boolean losesProof = expiry.docs("repositories").stream()
                .flatMap(repository -> repository.docs("next").stream())
                .anyMatch(next -> next.isTrue("lastProven"));
        return losesProof ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private void print(Doc expiry) {
        List<Doc> repositories = expiry.docs("repositories");
        if (repositories.isEmpty()) {
            console().say("no runner has looked at a repository of %s yet".formatted(stanza));
        }
        for (Doc repository : repositories) {
            console()
                    .data("repository %s: %s".formatted(repository.cell("repository"), repository.cell("explanation")));
            if (!repository.docs("next").isEmpty()) {
                Table table = new Table("LABEL", "TYPE", "GOES", "TAKES ALONG", "PROOF");
                repository
                        .docs("next")
                        .forEach(next -> table.row(
                                next.cell("label"),
                                next.cell("type"),
                                when(next),
                                String.valueOf(takesAlong(next)),
                                next.cell("proof.verdict") + (next.isTrue("lastProven") ? ", the last one" : "")));
                table.print(console());
            }
        }
        Freshness.mention(console(), expiry);
    }

    private static int takesAlong(Doc next) {
        return next.at("takesAlong").orElse(null) instanceof List<?> labels ? labels.size() : 0;
    }

    private static String when(Doc next) {
        return switch (next.cell("trigger")) {
            case "NEXT_FULL" -> "with the next full";
            case "NEXT_DIFF" -> "with the next diff";
            case "NEXT_EXPIRY" -> "after the next backup";
            case "AFTER" -> "after " + Humanized.instant(next.cell("after"));
            default -> next.cell("trigger");
        };
    }
}
