package dev.holdfast.runner.repository;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Which configured rule explains that a backup is gone.
 *
 * @param setting a setting of the stanza, such as {@code repo1-retention-full}; empty if it is not set
 */
public record Retention(Function<String, Optional<String>> setting) {

    private static final List<String> PARTS =
            List.of("full", "full-type", "diff", "archive", "archive-type", "history");

    /** What is configured of one repository, such as {@code repo1-retention-full} to {@code 4}; empty if nothing is. */
    public Map<String, String> configured(int repository) {
        Map<String, String> configured = new TreeMap<>();
        for (String part : PARTS) {
            String name = "repo" + repository + "-retention-" + part;
            setting.apply(name).ifPresent(value -> configured.put(name, value));
        }
        return configured;
    }

    /**
     * The rule that removed the backup, as configured; empty if none can have.
     *
     * @param label of the backup that is gone
     * @param remaining labels that the repository still lists
     */
    public Optional<String> ruleFor(String label, int repository, Iterable<String> remaining) {
        String prefix = "repo" + repository + "-retention-";
        Optional<String> full = setting.apply(prefix + "full");
        if (full.isPresent() && isOlderThanAllFulls(label, remaining)) {
            String type = setting.apply(prefix + "full-type")
                    .map(value -> ", " + prefix + "full-type=" + value)
                    .orElse("");
            return Optional.of(prefix + "full=" + full.get() + type);
        }
        // a diff or incr can go while its full stays only by the rule for diffs
        return isFull(label) ? Optional.empty() : setting.apply(prefix + "diff").map(value -> prefix + "diff=" + value);
    }

    private static boolean isFull(String label) {
        return label.endsWith("F");
    }

    private static boolean isOlderThanAllFulls(String label, Iterable<String> remaining) {
        String full = fullOf(label);
        boolean any = false;
        for (String other : remaining) {
            any = any || isFull(other);
            if (isFull(other) && other.compareTo(full) <= 0) {
                return false;
            }
        }
        return any;
    }

    private static String fullOf(String label) {
        int underscore = label.indexOf('_');
        return underscore < 0 ? label : label.substring(0, underscore);
    }
}
