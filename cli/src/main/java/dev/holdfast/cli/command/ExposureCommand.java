package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast exposure}: what would be lost now. */
@Command(
        name = "exposure",
        description = {
            "Tell what would be lost if the primary vanished now.",
            "The exit status is 1 if that is not known."
        })
final class ExposureCommand extends Subcommand {

    @Parameters(paramLabel = "STANZA", description = "The stanza.")
    private String stanza = "";

    ExposureCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Catalog catalog = new Catalog(session().catalog());
        Doc exposure = catalog.find("/exposure/" + JsonHttp.encoded(Words.stanza(stanza)))
                .orElseGet(() -> {
                    catalog.requireStanza(stanza);
                    throw CommandFailure.bad("the catalog at this address does not know of exposure");
                });
        answer(exposure, this::print);
        return exposure.text("loss").isPresent() ? ExitStatus.GOOD : ExitStatus.BAD;
    }

    private void print(Doc exposure) {
        Instant now = session().clock().instant();
        console()
                .data(exposure.text("loss")
                        .map(loss -> "%s would lose up to %s".formatted(stanza, Humanized.isoDuration(loss)))
                        .orElse("%s: not known what would be lost".formatted(stanza)));
        console()
                .data("  %s%s"
                        .formatted(
                                exposure.cell("basis"),
                                exposure.text("observedAt")
                                        .map(at -> "; looked at " + Humanized.age(at, now))
                                        .orElse("")));
        Freshness.mention(console(), exposure);
    }
}
