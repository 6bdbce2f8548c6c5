package dev.holdfast.cli.command;

import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Console;
import dev.holdfast.cli.screen.Table;
import java.util.List;

/** A restore test for people. */
final class TestScreen {

    private TestScreen() {}

    static void print(Console console, Doc test) {
        if (test.text("verdict").isEmpty()) {
            console.data("%s  %s  no verdict yet (%s)"
                    .formatted(test.cell("testId"), test.cell("stanza"), test.cell("state")));
            return;
        }
        console.data("%s  %s  %s".formatted(test.cell("verdict"), test.cell("stanza"), test.cell("label")));
        Table facts = new Table("", "");
        facts.row("reason", test.cell("reasonCode") + ": " + test.cell("reason"));
        facts.row("rung", test.cell("rung"));
        facts.row(
                "target",
                test.cell("target.kind")
                        + test.text("target.value").map(value -> " " + value).orElse(""));
        facts.row("reached", reached(test));
        facts.row("timings", timings(test.doc("timings")));
        facts.row(
                "evidence",
                test.text("evidence.sha256").map(hash -> "sha256 " + hash).orElse("-"));
        facts.row("test", test.cell("testId"));
        facts.printRows(console);
        List<Doc> checks = test.docs("checks");
        if (!checks.isEmpty()) {
            Table table = new Table("CHECK", "OUTCOME", "SECONDS", "DETAIL");
            checks.forEach(check ->
                    table.row(check.cell("name"), check.cell("outcome"), check.cell("seconds"), check.cell("detail")));
            console.out().println();
            table.print(console);
        }
    }

    private static String reached(Doc test) {
        return test.text("reached.lsn")
                .map(lsn -> "LSN " + lsn
                        + test.text("reached.lastCommitAt")
                                .map(at -> ", last commit " + at)
                                .orElse(""))
                .orElse("-");
    }

    private static String timings(Doc timings) {
        StringBuilder text = new StringBuilder();
        timings.members().forEach((name, seconds) -> {
            if (seconds instanceof Number) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(name.replace("Seconds", ""))
                        .append(' ')
                        .append(seconds)
                        .append(" s");
            }
        });
        return text.isEmpty() ? "-" : text.toString();
    }
}
