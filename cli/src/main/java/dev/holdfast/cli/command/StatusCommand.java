package dev.holdfast.cli.command;

import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast status}: every stanza at a glance. */
@Command(
        name = "status",
        description = {
            "Show every stanza: its last backup, last proof, recoverable window and objectives.",
            "The exit status is 1 if any objective is breached, or if any stanza is without a valid backup and that was asked."
        })
final class StatusCommand extends Subcommand {

    @Option(
            names = "--without-valid-backup",
            paramLabel = "LENGTH",
            description =
                    "Only stanzas without a valid backup that ended in this time, such as 24h: complete, with all its WAL, not disproven.")
    private @Nullable String without;

    StatusCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        List<Map.Entry<String, String>> filter = without == null
                ? List.of()
                : List.of(Map.entry(
                        "withoutValidBackupFor", Words.duration(without).toString()));
        Doc answer = new Catalog(session().catalog()).list("/stanzas", filter, Integer.MAX_VALUE);
        answer(answer, this::print);
        if (without != null) {
            return answer.docs("items").isEmpty() ? ExitStatus.GOOD : ExitStatus.BAD;
        }
        boolean breached = answer.docs("items").stream()
                .flatMap(stanza -> stanza.docs("objectives").stream())
                .anyMatch(objective -> objective.isFalse("met"));
        return breached ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private void print(Doc answer) {
        List<Doc> stanzas = answer.docs("items");
        if (stanzas.isEmpty() && without != null) {
            console().data("every stanza has a valid backup that ended in the last " + without);
            return;
        }
        if (stanzas.isEmpty()) {
            console()
                    .say(
                            "no stanza is known yet; a stanza appears with its runner or its first backup: holdfast backup STANZA");
            return;
        }
        Instant now = session().clock().instant();
        Table table = new Table("STANZA", "LAST BACKUP", "LAST PROOF", "RECOVERABLE", "OBJECTIVES");
        stanzas.forEach(stanza -> table.row(
                stanza.cell("stanza"),
                aged(stanza, "lastBackup.type", "lastBackup.finishedAt", now),
                aged(stanza, "lastProof.verdict", "lastProof.at", now),
                window(stanza, now),
                objectives(stanza)));
        table.print(console());
        stanzas.forEach(stanza -> troubles(stanza, now).forEach(console()::data));
        Freshness.mention(console(), answer);
    }

    /** A word and how old it is, such as {@code FULL 8h ago}. */
    private static String aged(Doc stanza, String word, String instant, Instant now) {
        return stanza.text(instant)
                .map(at -> stanza.cell(word) + " " + Humanized.roughAge(at, now) + " ago")
                .orElse("-");
    }

    /** The stretches of time that can be recovered; a hole shows as two of them. */
    private static String window(Doc stanza, Instant now) {
        String windows = stanza.docs("window").stream()
                .map(window -> rough(window, "from", now) + " to " + rough(window, "to", now) + " ago")
                .collect(Collectors.joining(", "));
        return windows.isEmpty() ? "-" : windows;
    }

    private static String rough(Doc window, String end, Instant now) {
        return window.text(end).map(at -> Humanized.roughAge(at, now)).orElse("?");
    }

    private static String objectives(Doc stanza) {
        List<Doc> objectives = stanza.docs("objectives");
        String breached = objectives.stream()
                .filter(objective -> objective.isFalse("met"))
                .map(objective -> objective.cell("name"))
                .collect(Collectors.joining(", "));
        if (!breached.isEmpty()) {
            return "BREACHED " + breached;
        }
        if (objectives.isEmpty()) {
            return "-";
        }
        return objectives.stream().allMatch(objective -> objective.isTrue("met")) ? "met" : "unknown";
    }

    /** What somebody has to look at, a line each. */
    private static List<String> troubles(Doc stanza, Instant now) {
        List<String> troubles = new ArrayList<>();
        String name = stanza.cell("stanza");
        for (Doc objective : stanza.docs("objectives")) {
            if (objective.isFalse("met")) {
                troubles.add(name + ": " + breach(objective, now));
            }
        }
        for (Doc repository : stanza.docs("repositories")) {
            String place = "%s: repository %s".formatted(name, repository.cell("repository"));
            if (repository.isFalse("ok")) {
                troubles.add("%s: %s".formatted(place, repository.cell("status")));
            }
            for (Doc gap : repository.docs("gaps")) {
                troubles.add("%s misses %s WAL segment(s), %s to %s"
                        .formatted(place, gap.cell("segments"), gap.cell("first"), gap.cell("last")));
            }
        }
        return troubles;
    }

    private static String breach(Doc objective, Instant now) {
        StringBuilder text = new StringBuilder(objective.cell("name")).append(" is breached");
        objective.text("since").ifPresent(at -> text.append(" since ").append(Humanized.roughAge(at, now)));
        objective
                .text("limit")
                .ifPresent(limit -> text.append(": at most ")
                        .append(Humanized.isoDuration(limit))
                        .append(" is promised, ")
                        .append(objective
                                .text("value")
                                .map(value -> "it is " + Humanized.isoDuration(value))
                                .orElse("and there is nothing to measure")));
        objective
                .text("detail")
                .filter(detail -> !detail.isEmpty())
                .ifPresent(detail -> text.append(" (").append(detail).append(')'));
        return text.toString();
    }
}
