package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast slots}: did what was scheduled happen. */
@Command(
        name = "slots",
        description = {
            "Tell what became of scheduled instants, the latest first.",
            "The exit status is 1 if one was missed, or its request came to nothing."
        })
final class SlotsCommand extends Subcommand {

    private static final Set<String> BAD = Set.of("FAILED", "LOST", "UNSERVED", "REJECTED", "DISPROVEN");

    /** How a slot was decided. */
    enum Outcome {
        /** A request was made. */
        REQUESTED,
        /** The one before it was still running. */
        SKIPPED_OVERLAP,
        /** It lay in a blackout. */
        SKIPPED_BLACKOUT,
        /** The policy was paused. */
        SKIPPED_PAUSED,
        /** A larger one was due at the same time. */
        SUPERSEDED,
        /** Nobody was there to make it. */
        MISSED,
        /** It was made up for. */
        CAUGHT_UP
    }

    @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Only slots of this stanza.")
    private @Nullable String stanza;

    @Option(
            names = "--since",
            paramLabel = "TIME|DAY|LENGTH",
            description = "Only slots since then: an instant, a day, or how long ago (default: 24h).")
    private String since = "24h";

    @Option(names = "--outcome", paramLabel = "WORD", description = "Only slots decided so: ${COMPLETION-CANDIDATES}.")
    private @Nullable Outcome outcome;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 500).")
    private int limit = 500;

    SlotsCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit is %d; expected 1 or more".formatted(limit));
        }
        Catalog catalog = new Catalog(session().catalog());
        Doc slots = catalog.list("/slots", filters(), limit);
        if (stanza != null && slots.docs("items").isEmpty()) {
            catalog.requireStanza(stanza);
        }
        answer(slots, this::print);
        return slots.docs("items").stream().anyMatch(SlotsCommand::isBad) ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private List<Map.Entry<String, String>> filters() {
        return List.of(
                Map.entry("stanza", stanza == null ? "" : Words.stanza(stanza)),
                Map.entry(
                        "from", Words.since(since, session().clock().instant()).toString()),
                Map.entry("outcome", outcome == null ? "" : outcome.name()));
    }

    private static boolean isBad(Doc slot) {
        return slot.cell("outcome").equals("MISSED") || BAD.contains(slot.cell("requestState"));
    }

    private void print(Doc answer) {
        List<Doc> slots = answer.docs("items");
        if (slots.isEmpty()) {
            console().say("nothing was due since " + since);
        } else {
            Instant now = session().clock().instant();
            Table table = new Table("DUE", "STANZA", "SCHEDULE", "DECIDED", "CAME TO", "WHY");
            slots.forEach(slot -> table.row(
                    Humanized.roughAge(slot.cell("slot"), now) + " ago",
                    slot.cell("stanza"),
                    slot.cell("schedule"),
                    slot.cell("outcome").toLowerCase(Locale.ROOT).replace('_', ' '),
                    slot.cell("requestState"),
                    slot.cell("reason")));
            table.print(console());
        }
        if (answer.text("next").isPresent()) {
            console().say("there are more; raise --limit (now %d) to see them".formatted(limit));
        }
        Freshness.mention(console(), answer);
    }
}
