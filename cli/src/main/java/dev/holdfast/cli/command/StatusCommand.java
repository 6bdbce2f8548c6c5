package dev.holdfast.cli.command;

import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code holdfast status}: every stanza at a glance. */
@Command(
        name = "status",
        description = {
            "Show every stanza: its last backup, last proof, recoverable window and objectives.",
            "The exit status is 1 if any objective is breached."
        })
final class StatusCommand extends Subcommand {

    StatusCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Doc answer = new Catalog(session().catalog()).list("/stanzas", List.of(), Integer.MAX_VALUE);
        answer(answer, this::print);
        boolean breached = answer.docs("items").stream()
                .flatMap(stanza -> stanza.docs("objectives").stream())
                .anyMatch(objective -> objective.isFalse("met"));
        return breached ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private void print(Doc answer) {
        List<Doc> stanzas = answer.docs("items");
        if (stanzas.isEmpty()) {
            console()
                    .say(
                            "no stanza is known yet; a stanza appears with its runner or its first backup: holdfast backup STANZA");
            return;
        }
        Instant now = session().clock().instant();
        Table table =
                new Table("STANZA", "LAST BACKUP", "TYPE", "AGE", "LAST PROOF", "RUNG", "AGE", "WINDOW", "OBJECTIVES");
        stanzas.forEach(stanza -> table.row(
                stanza.cell("stanza"),
                stanza.cell("lastBackup.label"),
                stanza.cell("lastBackup.type"),
                age(stanza, "lastBackup.finishedAt", now),
                stanza.cell("lastProof.verdict"),
                stanza.cell("lastProof.rung"),
                age(stanza, "lastProof.at", now),
                window(stanza),
                objectives(stanza)));
        table.print(console().out());
    }

    private static String age(Doc stanza, String path, Instant now) {
        return stanza.text(path).map(instant -> Humanized.age(instant, now)).orElse("-");
    }

    private static String window(Doc stanza) {
        String windows = stanza.docs("window").stream()
                .map(window -> window.text("from").map(Humanized::instant).orElse("?") + " to "
                        + window.text("to").map(Humanized::instant).orElse("now"))
                .collect(Collectors.joining(", "));
        return windows.isEmpty() ? "-" : windows;
    }

    private static String objectives(Doc stanza) {
        List<Doc> objectives = stanza.docs("objectives");
        String breached = objectives.stream()
                .filter(objective -> objective.isFalse("met"))
                .map(objective -> objective.cell("name"))
                .collect(Collectors.joining(", "));
        if (!breached.isEmpty()) {
            return "BREACHED: " + breached;
        }
        return objectives.isEmpty()
                ? "-"
                : objectives.stream().allMatch(objective -> objective.isTrue("met")) ? "met" : "unknown";
    }
}
