package dev.holdfast.runner.setup;

import java.util.function.Consumer;

/**
 * What a set-up says of a stanza, line by line.
 *
 * @param out takes each line
 */
record Report(Consumer<String> out) {

    /** What was found, will be done or is done. */
    void say(String what, String text) {
        out.accept("  %-13s %s".formatted(what, text));
    }

    /** What stands against the set-up, and what to do about it. */
    void wrong(String what, String fix) {
        say("WRONG", what.replace("\n", "\n                "));
        say("fix", fix);
    }
}
