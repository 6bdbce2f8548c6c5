package dev.holdfast.validator.pgbackrest;

import java.util.List;
import java.util.regex.Pattern;

/** Finds in the log of {@code pgbackrest verify} which files of a backup are damaged or missing. */
final class VerifyReader {

    private static final int MOST = 5;
    private static final Pattern FOUND = Pattern.compile("INFO: ([a-z][a-z ]{2,40} '([^']+)')");

    private VerifyReader() {}

    /** Up to five of them, such as {@code invalid checksum '20261122-161022F/pg_data/base/16384/16392.lz4'}. */
    static List<String> damaged(String log, List<String> labels) {
        return FOUND.matcher(log)
                .results()
                .filter(match ->
                        labels.stream().anyMatch(label -> match.group(2).startsWith(label + "/")))
                .map(match -> match.group(1))
                .limit(MOST)
                .toList();
    }
}
