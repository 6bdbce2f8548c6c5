package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Policies;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast queue}: what waits for a free place. */
@Command(name = "queue", description = "Tell what runs and what waits for a free place, in the order of its turn.")
final class QueueCommand extends Subcommand {

    @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Only what is of this stanza.")
    private @Nullable String stanza;

    @Option(names = "--pool", paramLabel = "NAME", description = "Only what is of this pool.")
    private @Nullable String pool;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 100).")
    private int limit = 100;

    QueueCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit is %d; expected 1 or more".formatted(limit));
        }
        answer(
                new Policies(session().scheduler())
                        .queue(List.of(
                                Map.entry("stanza", stanza == null ? "" : Words.stanza(stanza)),
                                Map.entry("pool", pool == null ? "" : pool),
                                Map.entry("limit", String.valueOf(limit)))),
                this::print);
        return ExitStatus.GOOD;
    }

    private void print(Doc answer) {
        List<Doc> places = answer.docs("items");
        if (places.isEmpty()) {
            console().say("nothing waits: no cap is set, or there is room for everything");
            return;
        }
        Instant now = session().clock().instant();
        Table table = new Table("STATE", "STANZA", "WHAT", "POOL", "SCHEDULE", "SINCE", "NOT AFTER", "REQUEST");
        places.forEach(place -> table.row(
                place.cell("state").equals("WAITING") ? "queued" : "let in",
                place.cell("stanza"),
                place.cell("kind").toLowerCase(Locale.ROOT).replace('_', ' '),
                place.cell("pool"),
                place.cell("schedule"),
                Humanized.roughAge(place.cell("since"), now) + " ago",
                place.cell("notAfter"),
                place.cell("requestId")));
        table.print(console());
        console().say("%s run or may start, %s wait".formatted(answer.cell("running"), answer.cell("waiting")));
    }
}
