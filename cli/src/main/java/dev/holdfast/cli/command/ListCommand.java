package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast list}: backups, newest first, each with its proof. */
@Command(name = "list", description = "List backups, newest first, each with its proof.")
final class ListCommand extends Subcommand {

    @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Only backups of this stanza.")
    private @Nullable String stanza;

    @Option(names = "--type", paramLabel = "full|diff|incr", description = "Only backups of this kind.")
    private BackupCommand.@Nullable Kind type;

    @Option(
            names = "--since",
            paramLabel = "TIME|DAY|LENGTH",
            description = "Only backups since then: an instant, a day, or how long ago, such as 7d.")
    private @Nullable String since;

    @Option(names = "--unproven", description = "Only backups without a passed restore test.")
    private boolean unproven;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 100).")
    private int limit = 100;

    ListCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        if (limit < 1) {
            throw CommandFailure.usage("--limit is %d; expected 1 or more".formatted(limit));
        }
        Doc answer = new Catalog(session().catalog()).list("/backups", filters(), limit);
        answer(answer, this::print);
        return ExitStatus.GOOD;
    }

    private List<Map.Entry<String, String>> filters() {
        List<Map.Entry<String, String>> filters = new ArrayList<>();
        filters.add(Map.entry("stanza", stanza == null ? "" : Words.stanza(stanza)));
        filters.add(Map.entry("type", type == null ? "" : type.name()));
        filters.add(Map.entry(
                "from",
                since == null
                        ? ""
                        : Words.since(since, session().clock().instant()).toString()));
        filters.add(Map.entry("proven", unproven ? "false" : ""));
        return filters;
    }

    private void print(Doc answer) {
        List<Doc> backups = answer.docs("items");
        if (backups.isEmpty()) {
            boolean filtered = type != null || since != null || unproven;
            console()
                    .say(
                            filtered
                                    ? "no such backups"
                                    : "no backups yet; make one: holdfast backup "
                                            + (stanza == null ? "STANZA" : stanza));
            return;
        }
        Instant now = session().clock().instant();
        Table table = new Table("STANZA", "LABEL", "TYPE", "STATUS", "FINISHED", "SIZE", "PROOF", "RUNG", "PROVEN");
        backups.forEach(backup -> table.row(
                backup.cell("stanza"),
                backup.cell("label"),
                backup.text("type").orElse(backup.cell("requestedType")),
                backup.cell("status"),
                age(backup, "finishedAt", now),
                backup.number("repositoryBytes")
                        .map(bytes -> Humanized.bytes(bytes.longValue()))
                        .orElse("-"),
                backup.cell("proof.verdict"),
                backup.cell("proof.rung"),
                age(backup, "proof.at", now)));
        table.print(console().out());
        if (answer.text("next").isPresent()) {
            console().say("there are more; raise --limit (now %d) to see them".formatted(limit));
        }
    }

    private static String age(Doc backup, String path, Instant now) {
        return backup.text(path).map(instant -> Humanized.age(instant, now)).orElse("-");
    }
}
