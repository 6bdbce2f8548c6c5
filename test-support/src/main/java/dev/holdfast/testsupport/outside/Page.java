package dev.holdfast.testsupport.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a page of the documentation tells its reader to do: its blocks that are marked {@code sh run} or, with a file's
 * content, {@code ini file=PATH}, in their order. Where a page is about several hosts, {@code host=NAME} says whose they are; where it has several
 * ways to go, {@code way=NAME} says of which.
 */
public final class Page {

    private static final Pattern FENCE = Pattern.compile(
            "(?<indent> *)```(?:sh (?<run>run)|\\w+ file=(?<file>\\S+))(?: host=(?<host>\\w+))?(?: way=(?<way>\\w+))?");

    /** One thing to do. */
    public sealed interface Step {

        /** Where it stands, such as {@code restore.md:12}. */
        String place();

        /** Which of the page's hosts it is for; the empty string where there is but one. */
        String host();

        /** Which of the page's ways it belongs to; the empty string where it belongs to all. */
        String way();
    }

    /** Commands for a shell. */
    public record Commands(String place, String host, String way, String text) implements Step {}

    /** A file to be written. */
    public record Content(String place, String host, String way, String file, String text) implements Step {}

    private Page() {}

    /** A step with a site's own words in the place of the page's examples. */
    public static Step filled(Step step, Map<String, String> words) {
        return switch (step) {
            case Commands(String place, String host, String way, String text) ->
                new Commands(place, host, way, filled(text, words));
            case Content(String place, String host, String way, String file, String text) ->
                new Content(place, host, way, filled(file, words), filled(text, words));
        };
    }

    private static String filled(String text, Map<String, String> words) {
        String known = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            known = known.replace(word.getKey(), word.getValue());
        }
        return known;
    }

    /** The steps of a page; the path is relative to the folder of the documentation. */
    public static List<Step> steps(String page) {
        List<String> lines = lines(page);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                String indent = fence.group("indent");
                int end = i + lines.subList(i, lines.size()).indexOf(indent + "```");
                String text = lines.subList(i + 1, end).stream()
                        .map(line -> line.startsWith(indent) ? line.substring(indent.length()) : line)
                        .collect(Collectors.joining("\n", "", "\n"));
                String place = page + ":" + (i + 2);
                String host = orEmpty(fence.group("host"));
                String way = orEmpty(fence.group("way"));
                steps.add(
                        fence.group("run") == null
                                ? new Content(place, host, way, fence.group("file"), text)
                                : new Commands(place, host, way, text));
                i = end;
            }
        }
        return steps;
    }

    private static String orEmpty(@Nullable String mark) {
        return mark == null ? "" : mark;
    }

    private static List<String> lines(String page) {
        try {
            return Files.readAllLines(Path.of(System.getProperty("holdfast.root"), "docs", page));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + page, e);
        }
    }
}
