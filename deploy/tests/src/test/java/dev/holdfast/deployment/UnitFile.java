package dev.holdfast.deployment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a systemd unit says, read as systemd reads it: a later line of a setting adds to a list, an empty one begins it anew. */
final class UnitFile {

    private final String name;
    private final Map<String, List<String>> lines = new LinkedHashMap<>();

    private UnitFile(String name) {
        this.name = name;
    }

    /**
     * Reads a unit.
     *
     * @param name such as {@code holdfast-runner.service}
     */
    static UnitFile parsed(String name, String text) {
        UnitFile unit = new UnitFile(name);
        text.lines()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z]\\w+=.*"))
                .forEach(unit::add);
        return unit;
    }

    private void add(String line) {
        int equals = line.indexOf('=');
        List<String> values = lines.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>());
        String value = line.substring(equals + 1);
        if (value.isEmpty()) {
            values.clear();
        } else {
            values.add(value);
        }
    }

    /** Its name, such as {@code holdfast-runner.service}. */
    String name() {
        return name;
    }

    /** Every line of a setting, in order. */
    List<String> all(String setting) {
        return List.copyOf(lines.getOrDefault(setting, List.of()));
    }

    /** The words of a setting that is a list, over all of its lines. */
    List<String> words(String setting) {
        return all(setting).stream()
                .flatMap(line -> Arrays.stream(line.split("\\s+")))
                .toList();
    }

    /** The last word on a setting. */
    Optional<String> last(String setting) {
        List<String> values = all(setting);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /** The last word on a setting that the unit must have. */
    String required(String setting) {
        return last(setting).orElseThrow(() -> new AssertionError(name + " has no " + setting));
    }
}
