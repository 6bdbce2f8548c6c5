package dev.holdfast.cli.command;

import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Console;

/** Whether an answer of the catalog reflects the whole log. */
final class Freshness {

    private Freshness() {}

    /** Says so if the catalog has not read everything yet; nothing where it has. */
    static void mention(Console console, Doc answer) {
        if (answer.isFalse("asOf.caughtUp")) {
            console.say("the catalog is still reading the log%s: the newest events may be missing here"
                    .formatted(answer.text("asOf.recordedAt")
                            .map(at -> " (it has come to " + at + ")")
                            .orElse("")));
        }
    }
}
