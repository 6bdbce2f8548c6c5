package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an error of pgBackRest means for a proof.
 *
 * <p>Numbers from pgBackRest's {@code build/error.yaml}, the same in 2.45 and 2.59; which of them damage produces was
 * measured with faults of every kind on 2.45.
 *
 * @param code the number in brackets, which is also the exit status
 * @param text the message with its continuation lines, shortened
 */
record ToolError(int code, String text) {

    private static final int LONGEST = 600;
    private static final Pattern ERROR = Pattern.compile("ERROR: \\[(\\d{3})\\]: (.*)", Pattern.DOTALL);

    private static final int MISSING = 55;

    // checksum; archive-duplicate: two different segments of one name, between which no restore can choose
    private static final Set<Integer> ALWAYS_DAMAGE = Set.of(26, 45);
    // file-invalid, format, file-read, file-missing, path-missing, backup-set-invalid, crypto, file-info, json-format:
    // damage if they are about a file of the repository
    private static final Set<Integer> DAMAGE = Set.of(28, 29, 42, 55, 73, 75, 95, 98, 99);
    // config, options, archive-mismatch, version, file-open, path-open, must run on the PostgreSQL host, file-owner,
    // user-missing, param-invalid, repo-invalid, access
    private static final Set<Integer> CONFIGURATION =
            Set.of(27, 30, 31, 32, 37, 41, 43, 44, 46, 53, 72, 88, 89, 96, 103, 105);
    // file-read and repo-invalid may wrap the errors of each repository, by name
    private static final Set<Integer> WRAPPING = Set.of(42, 103);
    private static final Pattern WRAPPED = Pattern.compile("\\[(\\w+)Error]");
    private static final Set<String> WRAPPED_DAMAGE =
            Set.of("Checksum", "Crypto", "FileInvalid", "FileMissing", "FileRead", "Format", "JsonFormat");
    private static final Pattern OTHER_FORMAT = Pattern.compile("expected format \\d+ but found \\d+");
    private static final Pattern FILE = Pattern.compile("'(/[^']+)'");

    /** The last error in a command's standard error; empty if it names none. */
    static Optional<ToolError> in(String stderr) {
        int at = stderr.indexOf("ERROR: [");
        if (at < 0) {
            return Optional.empty();
        }
        Matcher match = ERROR.matcher(stderr.substring(at));
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        String text = String.join(
                "; ",
                match.group(2)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList());
        return Optional.of(new ToolError(
                Integer.parseInt(match.group(1)), text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text));
    }

    /** What it means. */
    Reason reason() {
        if (text.contains("No space left on device")) {
            return Reason.SPACE;
        }
        if (text.contains("Cannot allocate memory")) {
            return Reason.MEMORY;
        }
        if (isOfOtherFormat(text)) {
            return Reason.IMAGE;
        }
        Optional<Reason> remote = RemoteComplaint.in(text);
        if (remote.isPresent()) {
            return remote.get();
        }
        if (WRAPPING.contains(code) && WRAPPED.matcher(text).find()) {
            return wrapsDamage() ? Reason.BACKUP_DAMAGED : Reason.CONFIGURATION;
        }
        if (ALWAYS_DAMAGE.contains(code)) {
            return Reason.BACKUP_DAMAGED;
        }
        if (DAMAGE.contains(code)) {
            return isAboutRepository() ? Reason.BACKUP_DAMAGED : Reason.CONFIGURATION;
        }
        return CONFIGURATION.contains(code) ? Reason.CONFIGURATION : Reason.SANDBOX;
    }

    /** True if a record is in a format that another version of pgBackRest writes: it is whole. */
    static boolean isOfOtherFormat(String text) {
        return OTHER_FORMAT.matcher(text).find();
    }

    /** True if it says that a file is not there. */
    boolean isOfMissingFile() {
        return code == MISSING;
    }

    private boolean wrapsDamage() {
        return WRAPPED.matcher(text).results().anyMatch(match -> WRAPPED_DAMAGE.contains(match.group(1)));
    }

    /** A configuration file that is missing has the same number as a backup's. True also where no file is named. */
    private boolean isAboutRepository() {
        List<String> files =
                FILE.matcher(text).results().map(match -> match.group(1)).toList();
        return files.isEmpty() || files.stream().anyMatch(ToolError::liesInRepository);
    }

    private static boolean liesInRepository(String file) {
        return file.contains("/backup/") || (file.contains("/archive/") && !file.contains("/spool/"));
    }

    @Override
    public String toString() {
        return "[%03d] %s".formatted(code, text);
    }
}
