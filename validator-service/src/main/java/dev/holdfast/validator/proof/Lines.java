package dev.holdfast.validator.proof;

import java.util.List;

/** Texts of others, cut and joined for one line of a report. */
final class Lines {

    private Lines() {}

    /** The text without line ends, at most so long. */
    static String one(String text, int longest) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= longest ? line : line.substring(0, longest) + " …";
    }

    /** The first of them, and how many there are besides. */
    static String some(List<String> all, int most) {
        String shown = String.join("; ", all.subList(0, Math.min(most, all.size())));
        return all.size() <= most ? shown : "%s; and %d more".formatted(shown, all.size() - most);
    }
}
