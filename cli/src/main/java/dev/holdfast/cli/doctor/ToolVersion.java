package dev.holdfast.cli.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of pgBackRest. */
record ToolVersion(int major, int minor, int patch) implements Comparable<ToolVersion> {

    private static final Pattern TEXT = Pattern.compile("pgBackRest ([0-9]{1,4})\\.([0-9]{1,4})(?:\\.([0-9]{1,4}))?.*");
    private static final Comparator<ToolVersion> ORDER = Comparator.comparingInt(ToolVersion::major)
            .thenComparingInt(ToolVersion::minor)
            .thenComparingInt(ToolVersion::patch);

    /** The first version for a major version of PostgreSQL, the newest first. */
    private record Since(int postgresql, ToolVersion version) {}

    private static final List<Since> SUPPORT = List.of(
            new Since(18, new ToolVersion(2, 55, 0)),
            new Since(17, new ToolVersion(2, 53, 1)),
            new Since(16, new ToolVersion(2, 46, 0)));

    /** Reads what {@code pgbackrest version} says. */
    static Optional<ToolVersion> read(String said) {
        Matcher matcher = TEXT.matcher(said.strip());
        return matcher.matches()
                ? Optional.of(new ToolVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** The version that a PostgreSQL needs; empty if this one will do. */
    Optional<ToolVersion> neededFor(int postgresql) {
        return SUPPORT.stream()
                .filter(since -> postgresql >= since.postgresql())
                .findFirst()
                .map(Since::version)
                .filter(needed -> compareTo(needed) < 0);
    }

    @Override
    public int compareTo(ToolVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return patch == 0 ? major + "." + minor : major + "." + minor + "." + patch;
    }
}
