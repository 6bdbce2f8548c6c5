package dev.holdfast.runner.backup;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a request may hold. Everything here becomes an argument of pgBackRest or stays in the log for ever, so the lists
 * are closed and the patterns strict.
 */
public final class RequestRules {

    private static final int MAX_LABELS = 32;
    private static final int MAX_LABEL_KEY = 63;
    private static final int MAX_LABEL_VALUE = 256;
    private static final int MAX_REASON = 2000;
    private static final int MAX_PRINCIPAL = 256;
    private static final int MAX_REPOSITORY = 256;
    private static final String SWITCH = "y or n";

    private static final Map<String, OptionRule> OPTIONS = new TreeMap<>(Map.of(
            "process-max", new OptionRule(Pattern.compile("[1-9][0-9]{0,2}"), "a number from 1 to 999"),
            "start-fast", new OptionRule(Pattern.compile("[yn]"), SWITCH),
            "compress-type", new OptionRule(Pattern.compile("none|bz2|gz|lz4|zst"), "none, bz2, gz, lz4 or zst"),
            "compress-level", new OptionRule(Pattern.compile("-?[0-9]{1,2}"), "a number of at most two digits"),
            "archive-check", new OptionRule(Pattern.compile("[yn]"), SWITCH),
            "resume", new OptionRule(Pattern.compile("[yn]"), SWITCH)));

    private RequestRules() {}

    /** What may stand as the value of one option. */
    private record OptionRule(Pattern values, String words) {}

    /**
     * The first rule that the request breaks, for people; empty if it breaks none.
     *
     * @param repository 0 if the request names none
     */
    public static Optional<String> brokenBy(
            RequestHead head, int repository, Map<String, String> labels, Map<String, String> options) {
        return headRule(head)
                .or(() -> repositoryRule(repository))
                .or(() -> labelRule(labels))
                .or(() -> optionRule(options));
    }

    private static Optional<String> headRule(RequestHead head) {
        if (head.reason().length() > MAX_REASON) {
            return Optional.of("the reason has %d characters, at most %d are taken; shorten it"
                    .formatted(head.reason().length(), MAX_REASON));
        }
        return head.principal().length() > MAX_PRINCIPAL
                ? Optional.of("the requester's name has %d characters, at most %d are taken"
                        .formatted(head.principal().length(), MAX_PRINCIPAL))
                : Optional.empty();
    }

    private static Optional<String> repositoryRule(int repository) {
        return repository < 0 || repository > MAX_REPOSITORY
                ? Optional.of("repository %d is none of pgBackRest's: it numbers them 1 to %d"
                        .formatted(repository, MAX_REPOSITORY))
                : Optional.empty();
    }

    private static Optional<String> labelRule(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            return Optional.of("%d labels were given, at most %d are taken".formatted(labels.size(), MAX_LABELS));
        }
        return labels.entrySet().stream()
                .filter(label -> label.getKey().isEmpty()
                        || label.getKey().length() > MAX_LABEL_KEY
                        || label.getValue().length() > MAX_LABEL_VALUE)
                .findFirst()
                .map(label -> "label %s is too long or has no name: names have 1 to %d characters, values up to %d"
                        .formatted(quoted(label.getKey()), MAX_LABEL_KEY, MAX_LABEL_VALUE));
    }

    private static Optional<String> optionRule(Map<String, String> options) {
        for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
            OptionRule rule = OPTIONS.get(option.getKey());
            if (rule == null) {
                return Optional.of("option %s cannot be set by a request; these can: %s"
                        .formatted(quoted(option.getKey()), String.join(", ", OPTIONS.keySet())));
            }
            if (!rule.values().matcher(option.getValue()).matches()) {
                return Optional.of("option %s is %s, expected %s"
                        .formatted(option.getKey(), quoted(option.getValue()), rule.words()));
            }
        }
        return Optional.empty();
    }

    /** The text in quotes, bounded and without control characters: it comes from outside and goes to logs. */
    static String quoted(String text) {
        String shown = text.length() > MAX_LABEL_KEY ? text.substring(0, MAX_LABEL_KEY) + "…" : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
