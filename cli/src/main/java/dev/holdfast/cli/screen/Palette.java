package dev.holdfast.cli.screen;

import java.util.Set;

/** Colours by meaning: good is green, bad is red, what is neither is yellow. The words themselves say the same without. */
final class Palette {

    private static final Set<String> GOOD = Set.of("PASSED", "PROVEN", "met", "OK");
    private static final Set<String> BAD =
            Set.of("FAILED", "DISPROVEN", "BREACHED", "VANISHED", "LOST", "REJECTED", "INFEASIBLE", "ERROR");
    private static final Set<String> NEITHER =
            Set.of("INCONCLUSIVE", "COMPLETE_WITH_ERRORS", "UNSERVED", "CANCELLED", "EXPIRED", "WARNING", "unknown");

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BOLD = "\u001b[1m";
    private static final String ENDED = "\u001b[0m";

    private Palette() {}

    /** The text in the colour of its first word; as it is if that has none. */
    static String painted(String text) {
        int space = text.indexOf(' ');
        String first = space < 0 ? text : text.substring(0, space);
        String colour =
                GOOD.contains(first) ? GREEN : BAD.contains(first) ? RED : NEITHER.contains(first) ? YELLOW : "";
        return colour.isEmpty() ? text : colour + first + ENDED + text.substring(first.length());
    }

    /** A heading. */
    static String heading(String text) {
        return text.isEmpty() ? text : BOLD + text + ENDED;
    }
}
