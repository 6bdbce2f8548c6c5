package dev.holdfast.cli.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Markdown file: its links and the anchors that others may link to. */
final class MarkdownPage {

    private static final Pattern LINK = Pattern.compile("\\[(?:[^\\[\\]]|\\[[^\\[\\]]*])*]\\((?<target>[^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(?<text>.+?) *#*");

    private final Path file;
    private final List<String> lines;

    private MarkdownPage(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads it, without what stands between fences. */
    static MarkdownPage of(Path file) {
        List<String> prose = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines(file)) {
            boolean fence = line.strip().startsWith("```");
            fenced = fence != fenced;
            prose.add(fence || fenced ? "" : line);
        }
        return new MarkdownPage(file, prose);
    }

    /** The file. */
    Path file() {
        return file;
    }

    /** Where it links to, as written; code is no link. */
    List<String> targets() {
        return lines.stream()
                .map(line -> line.replaceAll("`[^`]*`", "x"))
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group("target"))
                .toList();
    }

    /** The anchors of its headings, as forges make them. */
    Set<String> anchors() {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : lines) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group("text"));
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    /** The cells of its tables' rows. */
    List<List<String>> rows() {
        return lines.stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> List.of(line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|", -1)))
                .map(cells -> cells.stream().map(String::strip).toList())
                .toList();
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
