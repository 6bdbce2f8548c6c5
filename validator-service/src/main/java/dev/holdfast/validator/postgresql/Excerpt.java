package dev.holdfast.validator.postgresql;

import java.util.List;

/** The beginning of a program's words, in one line, for a report. */
final class Excerpt {

    private static final int LINES = 6;
    private static final int LONGEST = 900;

    private Excerpt() {}

    static String of(String text) {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("NOTICE:"))
                .toList();
        String joined = String.join("; ", lines.subList(0, Math.min(LINES, lines.size())));
        String shown = joined.length() > LONGEST ? joined.substring(0, LONGEST) + " …" : joined;
        return lines.size() > LINES ? "%s; and %d more lines".formatted(shown, lines.size() - LINES) : shown;
    }
}
