package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What PostgreSQL wrote while it recovered, in English and UTC (its command line says so). Safe for several threads.
 *
 * <p>The phrases are those of PostgreSQL 13 to 17 ({@code xlogrecovery.c}, before 15 {@code xlog.c}). A phrase that is
 * absent proves nothing was reached: the judgement asks for presence.
 */
public final class RecoveryLog {

    private static final int KEPT_LINES = 5_000;
    private static final int MOST_CONTINUED = 8;
    private static final Pattern SEGMENT = Pattern.compile("restored log file \"([0-9A-F]{24})\" from archive");
    private static final Pattern CONSISTENT =
            Pattern.compile("consistent recovery state reached at ([0-9A-F]+/[0-9A-F]+)");
    private static final Pattern LAST_COMMIT = Pattern.compile(
            "last completed transaction was at log time (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)\\+00");
    private static final Pattern STOP_LSN =
            Pattern.compile("recovery stopping after WAL location \\(LSN\\) \"([0-9A-F]+/[0-9A-F]+)\"");
    private static final Pattern STOP_TIME = Pattern.compile(
            "recovery stopping (?:before|after) (?:commit|abort) of transaction \\d+, time (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)\\+00");
    private static final Pattern STOP_NAME = Pattern.compile("recovery stopping at restore point \"(.*)\", time ");
    private static final Pattern TIMELINE = Pattern.compile("selected new timeline ID: (\\d+)");
    private static final Pattern TOOL_ERROR = Pattern.compile("ERROR: \\[(\\d{3})\\]: .*");
    // What xlogreader.c finds wrong in a segment that pgBackRest delivered without a complaint, one of another place
    // among them. A record
    // of length 0 is none of it: so every log ends that was not ended by a switch.
    private static final Pattern BAD_RECORD = Pattern.compile("incorrect resource manager data checksum"
            + "|invalid magic number|record with incorrect prev-link|invalid resource manager ID"
            + "|WAL file is from different database system|unexpected pageaddr|unexpected timeline ID \\d+ in log segment"
            + "|out-of-sequence timeline ID|invalid info bits|there is no contrecord flag|invalid contrecord length"
            + "|contrecord is requested by|record length \\d+ at \\S+ too long|invalid record offset"
            + "|(?:syntax error|invalid data) in history file"
            + "|invalid record length at \\S+: \\D+\\d+, got [1-9]|archive file \"[0-9A-F]{24}\" has wrong size");

    private final List<String> lines = new ArrayList<>();
    private long dropped;

    /** Adds a line. Beyond 5000 the oldest ones that say nothing of recovery's end go. */
    public synchronized void add(String line) {
        if (lines.size() == KEPT_LINES) {
            lines.remove(KEPT_LINES / 5);
            dropped++;
        }
        lines.add(line);
    }

    /** All lines kept. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Lines that were left out to bound memory. */
    public synchronized long dropped() {
        return dropped;
    }

    /** True if the server said that it takes connections, reading and writing. */
    public boolean acceptsConnections() {
        return has("database system is ready to accept connections");
    }

    /** True if recovery was told to stop at the first consistent point and did. */
    public boolean stoppedAtConsistency() {
        return has("recovery stopping after reaching consistency");
    }

    /** True if the server got as far as reading the restored cluster: what went wrong before is not the backup's fault. */
    public boolean readTheCluster() {
        return has("database system was ") || has("starting backup recovery") || has("control file");
    }

    /** True if archive recovery was completed. */
    public boolean recoveryComplete() {
        return has("archive recovery complete");
    }

    /** True if the log ended before the target. */
    public boolean endedBeforeTarget() {
        return has("recovery ended before configured recovery target was reached");
    }

    /** Where the cluster became consistent. */
    public Optional<Lsn> consistentAt() {
        return last(CONSISTENT).map(Lsn::parse);
    }

    /** The position at which an LSN target stopped recovery. */
    public Optional<Lsn> stoppedAtLsn() {
        return last(STOP_LSN).map(Lsn::parse);
    }

    /** The commit that stopped recovery because it lies past a time target. */
    public Optional<Instant> stoppedAtCommit() {
        return last(STOP_TIME).map(RecoveryLog::instant);
    }

    /** The restore point that stopped recovery. */
    public Optional<String> stoppedAtName() {
        return last(STOP_NAME);
    }

    /** Time of the last commit replayed. */
    public Optional<Instant> lastCommit() {
        return last(LAST_COMMIT).map(RecoveryLog::instant);
    }

    /** The furthest segment fetched from the archive: after recovery's end PostgreSQL fetches an earlier one again. */
    public Optional<WalSegment> furthestSegment() {
        return matches(SEGMENT).map(WalSegment::parse).max(WalSegment::compareTo);
    }

    /** The timeline that the promoted server chose. */
    public OptionalInt newTimeline() {
        return last(TIMELINE)
                .map(text -> OptionalInt.of(Integer.parseInt(text)))
                .orElse(OptionalInt.empty());
    }

    /**
     * pgBackRest's first complaint while it fetched a segment, such as {@code ERROR: [042]: unable to get …}, with the lines
     * that belong to it: they name what it met.
     */
    public Optional<String> archiveError() {
        List<String> kept = lines();
        for (int i = 0; i < kept.size(); i++) {
            if (TOOL_ERROR.matcher(kept.get(i)).find()) {
                return Optional.of(withContinuation(kept, i));
            }
        }
        return Optional.empty();
    }

    private static String withContinuation(List<String> kept, int at) {
        StringBuilder text = new StringBuilder(kept.get(at).strip());
        for (int i = at + 1; i < Math.min(at + 1 + MOST_CONTINUED, kept.size()); i++) {
            if (!kept.get(i).startsWith("  ")) {
                break;
            }
            text.append(' ').append(kept.get(i).strip());
        }
        return text.toString();
    }

    /** A record that PostgreSQL itself refused. */
    public Optional<String> badRecord() {
        return lines().stream().filter(line -> BAD_RECORD.matcher(line).find()).findFirst();
    }

    /** The first FATAL or PANIC with its explanation; empty if there was none. */
    public Optional<String> fatal() {
        List<String> kept = lines();
        for (int i = 0; i < kept.size(); i++) {
            if (isFatal(kept.get(i))) {
                return Optional.of(withExplanation(kept, i));
            }
        }
        return Optional.empty();
    }

    private static boolean isFatal(String line) {
        // clients that come too early are told so with a FATAL of their own
        return (line.contains("FATAL:  ") || line.contains("PANIC:  "))
                && !line.contains("the database system is")
                && !line.contains("terminating connection");
    }

    private static String withExplanation(List<String> kept, int at) {
        StringBuilder text = new StringBuilder(message(kept.get(at)));
        if (kept.get(at).contains("contains errors")) {
            // of a configuration file the errors themselves come first, as mere LOG lines
            kept.subList(Math.max(0, at - MOST_CONTINUED), at).stream()
                    .filter(line -> line.contains("LOG:  "))
                    .forEach(line -> text.append("; ").append(message(line)));
        }
        for (int i = at + 1; i < Math.min(at + 3, kept.size()); i++) {
            if (kept.get(i).contains("DETAIL:  ")) {
                text.append("; ").append(message(kept.get(i)));
            }
        }
        return text.toString();
    }

    private static String message(String line) {
        int start = line.indexOf(":  ");
        return start < 0 ? line : line.substring(start + 3);
    }

    private boolean has(String phrase) {
        return lines().stream().anyMatch(line -> line.contains(phrase));
    }

    private Stream<String> matches(Pattern pattern) {
        return lines().stream().map(pattern::matcher).filter(Matcher::find).map(match -> match.group(1));
    }

    private Optional<String> last(Pattern pattern) {
        return matches(pattern).reduce((first, second) -> second);
    }

    private static Instant instant(String text) {
        return Instant.parse(text.replace(' ', 'T') + "Z");
    }
}
