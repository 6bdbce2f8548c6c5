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
        Catalog catalog = new Catalog(session().catalog());
        Doc answer = catalog.list("/backups", filters(), limit);
        if (stanza != null && answer.docs("items").isEmpty()) {
            catalog.requireStanza(stanza);
        }
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
            console()
                    .say(
                            isFiltered()
                                    ? "no such backups"
                                    : "no backups yet; make one: holdfast backup "
                                            + (stanza == null ? "STANZA" : stanza));
            return;
        }
        Instant now = session().clock().instant();
        // a diff's label is 33 characters long: what has been said already is left out
        boolean named = stanza != null;
        Table table = named
                ? new Table("LABEL", "TYPE", "STATUS", "AGE", "SIZE", "PROOF")
                : new Table("STANZA", "LABEL", "TYPE", "STATUS", "AGE", "SIZE", "PROOF");
        for (Doc backup : backups) {
            List<String> cells = new ArrayList<>(named ? List.of() : List.of(backup.cell("stanza")));
            cells.addAll(cells(backup, now));
            table.row(cells.toArray(String[]::new));
        }
        table.print(console());
        if (answer.text("next").isPresent()) {
            console().say("there are more; raise --limit (now %d) to see them".formatted(limit));
        }
        Freshness.mention(console(), answer);
    }

    private boolean isFiltered() {
        return type != null || since != null || unproven;
    }

    private static List<String> cells(Doc backup, Instant now) {
        return List.of(
                backup.cell("label"),
                backup.text("type").orElse(backup.cell("requestedType")),
                backup.cell("status") + percent(backup),
                backup.text("finishedAt")
                        .or(() -> backup.text("startedAt"))
                        .map(at -> Humanized.roughAge(at, now))
                        .orElse("-"),
                backup.number("repositoryBytes")
                        .map(bytes -> Humanized.roughBytes(bytes.longValue()))
                        .orElse("-"),
                backup.text("proof.verdict")
                        .map(verdict -> verdict + age(backup, now))
                        .orElse("-"));
    }

    private static String percent(Doc backup) {
        return backup.number("progress.percent")
                .filter(percent -> backup.cell("status").equals("RUNNING"))
                .map(percent -> " %d%%".formatted(percent.intValue()))
                .orElse("");
    }

    private static String age(Doc backup, Instant now) {
        return backup.text("proof.at")
                .map(at -> " " + Humanized.roughAge(at, now))
                .orElse("");
    }
}
