package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code pgbackrest verify}: its report, and its log, which alone names files. */
final class VerifyReader {

    private static final int MOST = 5;
    private static final Pattern FOUND = Pattern.compile("INFO: ([a-z][a-z ]{2,40} '([^']+)')");
    private static final Pattern STATUS = Pattern.compile("(?m)^status: (ok|error)(?: \\((.*)\\))?$");
    private static final Pattern SET = Pattern.compile("^ +backup: ([^,]+), status: ([^,]+?)(?:,.*)?$");
    private static final Pattern ARCHIVE = Pattern.compile("^ +archiveId: ([^,]+), .*$");
    private static final Pattern COUNT = Pattern.compile("([a-z ]+): ([1-9]\\d*)");

    private VerifyReader() {}

    /** Up to five damaged files, such as {@code invalid checksum '20261122-161022F/pg_data/base/16384/16392.lz4'}. */
    static List<String> damaged(String log, List<String> labels) {
        return FOUND.matcher(log)
                .results()
                .filter(match ->
                        labels.stream().anyMatch(label -> match.group(2).startsWith(label + "/")))
                .map(match -> match.group(1))
                .limit(MOST)
                .toList();
    }

    /** The report of {@code --output=text --verbose}. One without a status was not written to its end. */
    static Verification report(String text) {
        Matcher status = STATUS.matcher(text);
        if (!status.find()) {
            return Verification.unread("'pgbackrest verify' printed no report");
        }
        List<Verification.SetStatus> sets = new ArrayList<>();
        List<String> archives = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String counts = i + 1 < lines.size() ? counts(lines.get(i + 1)) : "";
            Matcher set = SET.matcher(lines.get(i));
            Matcher archive = ARCHIVE.matcher(lines.get(i));
            if (set.matches()) {
                sets.add(new Verification.SetStatus(set.group(1), set.group(2), counts));
            } else if (archive.matches() && !counts.isEmpty()) {
                archives.add(archive.group(1) + ": " + counts);
            }
        }
        return new Verification(unexplained(status, sets, archives), sets, archives);
    }

    /** An error that no set and no archive explains concerns the whole repository. */
    private static Optional<String> unexplained(
            Matcher status, List<Verification.SetStatus> sets, List<String> archives) {
        boolean explained = !archives.isEmpty()
                || sets.stream().anyMatch(set -> !set.status().equals("valid"));
        return status.group(1).equals("ok") || explained
                ? Optional.empty()
                : Optional.of("'pgbackrest verify' says 'error' and names no set%s"
                        .formatted(status.group(2) == null ? "" : ": " + status.group(2)));
    }

    /** The line below a set or an archive, without what is zero. */
    private static String counts(String line) {
        return line.startsWith("    ")
                ? COUNT.matcher(line)
                        .results()
                        .map(match -> match.group(1).strip() + ": " + match.group(2))
                        .collect(Collectors.joining(", "))
                : "";
    }
}
