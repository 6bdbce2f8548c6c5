package dev.holdfast.runner.pgbackrest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What pgBackRest printed with {@code --log-level-console=detail --log-level-stderr=off}. It has no JSON log in any
 * version; these lines have been stable from 2.45 to 2.59.1, but are no promise.
 *
 * @param entries one for each message but details, continuation lines appended
 */
record ToolLog(List<Entry> entries) {

    private static final Pattern LINE = Pattern.compile(
            "^(?:\\S+ \\S+ )?(?:P\\d{2,3}\\s+)?(ERROR|WARN|INFO|DETAIL|DEBUG|TRACE|ASSERT): (?:\\[(\\d{3})]: )?(.*)$");
    private static final String DETAIL = "DETAIL: ";
    /** Behind time and process; a process of three digits moves it by one. */
    private static final int DETAIL_COLUMN = 28;

    private static final Pattern LABEL = Pattern.compile("^new backup label = (\\S+)$");
    private static final Pattern TOOK = Pattern.compile("command end: completed successfully \\((\\d+)ms\\)");
    private static final Pattern CHANGED = Pattern.compile(".*backup has been changed to .*");

    /**
     * One message.
     *
     * @param level ERROR, WARN, INFO …
     * @param code pgBackRest's error code; empty for anything but errors
     * @param text the message with its continuation lines
     */
    record Entry(String level, OptionalInt code, String text) {}

    ToolLog {
        entries = List.copyOf(entries);
    }

    /** Takes the output apart, but for the details. */
    static ToolLog of(String output) {
        List<Entry> entries = new ArrayList<>();
        boolean inDetail = false;
        for (String line : output.lines().toList()) {
            boolean begins = isDetail(line);
            inDetail = begins || (inDetail && !LINE.matcher(line).matches());
            if (!inDetail) {
                append(line, entries);
            }
        }
        return new ToolLog(entries);
    }

    /** One for each file, a thousand and more: of no use here, and slow to take apart while the backup's fact waits for it. */
    private static boolean isDetail(String line) {
        return line.startsWith(DETAIL, DETAIL_COLUMN) || line.startsWith(DETAIL, DETAIL_COLUMN + 1);
    }

    private static void append(String line, List<Entry> entries) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            OptionalInt code =
                    matcher.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(matcher.group(2)));
            entries.add(new Entry(matcher.group(1), code, matcher.group(3)));
        } else if (!entries.isEmpty()) {
            Entry last = entries.removeLast();
            entries.add(new Entry(last.level(), last.code(), last.text() + "\n" + line.strip()));
        }
    }

    /** The label of the backup that was made; empty if none was. */
    Optional<String> label() {
        return entries.stream()
                .map(entry -> LABEL.matcher(entry.text()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    /** Milliseconds that the commands took by their own measure, backup and the expire after it; empty if none ended well. */
    OptionalLong millis() {
        List<Long> parts = entries.stream()
                .map(entry -> TOOK.matcher(entry.text()))
                .filter(Matcher::find)
                .map(matcher -> Long.parseLong(matcher.group(1)))
                .toList();
        return parts.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(parts.stream().mapToLong(Long::longValue).sum());
    }

    /** Why the kind made is not the one asked for; empty if the log does not say. */
    Optional<String> typeChange() {
        return entries.stream()
                .filter(entry -> entry.level().equals("WARN")
                        && CHANGED.matcher(entry.text()).matches())
                .map(Entry::text)
                .findFirst();
    }

    /** The last error; empty if there is none. */
    Optional<Entry> error() {
        return entries.reversed().stream()
                .filter(entry -> entry.level().equals("ERROR") || entry.level().equals("ASSERT"))
                .findFirst();
    }

    /** All warnings and errors, in their order. */
    String complaints() {
        return entries.stream()
                .filter(entry -> entry.level().equals("WARN")
                        || entry.level().equals("ERROR")
                        || entry.level().equals("ASSERT"))
                .map(Entry::text)
                .collect(Collectors.joining("\n"));
    }

    /** True if a remote said that somebody else holds the lock: it then arrives as 56, not as 50. */
    boolean tellsOfForeignLock() {
        return entries.stream()
                .anyMatch(entry -> entry.level().equals("WARN") && entry.text().contains("LockAcquireError"));
    }
}
