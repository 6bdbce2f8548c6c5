package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.Rejection;
import dev.holdfast.runner.backup.RunResult;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Says what an execution without a backup means: from its exit status, and from what it printed where the status alone misleads. */
final class FailureReader {

    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int SIGNALS = 128;
    private static final String INFO_FILE = "unable to load info file";
    /** How {@code check} says that no cluster of the stanza answers; it makes that a fault of the configuration, exit status 27. */
    private static final String NO_CLUSTER = "no database found";

    private FailureReader() {}

    /**
     * Reads it.
     *
     * @param exit the exit status
     * @param output what was printed, both streams
     * @param startedAt when it was started
     */
    static RunResult read(int exit, String output, Optional<Instant> startedAt, Redaction redaction) {
        ToolLog log = ToolLog.of(output);
        if (exit > SIGNALS || exit == ExitCode.TERM.code()) {
            return new RunResult.Interrupted(startedAt, "exit status " + exit);
        }
        if (exit == ExitCode.STOP.code()) {
            return new RunResult.Refused(
                    Rejection.PAUSED, messageOf(log, exit, redaction) + ". " + ExitCode.STOP.hint());
        }
        if (exit == ExitCode.BACKUP_MISMATCH.code()) {
            return new RunResult.Refused(
                    Rejection.SYSTEM_CHANGED, messageOf(log, exit, redaction) + ". " + ExitCode.BACKUP_MISMATCH.hint());
        }
        return new RunResult.Failed(startedAt, failure(exit, output, redaction));
    }

    /** What an exit status other than success means, whatever the command. */
    static Failure failure(int exit, String output, Redaction redaction) {
        ToolLog log = ToolLog.of(output);
        Optional<ExitCode> code = ExitCode.of(exit);
        boolean foreignLock = code.filter(ExitCode.DB_CONNECT::equals).isPresent() && log.tellsOfForeignLock();
        String message = messageOf(log, exit, redaction);
        ExitCode meaning = meaning(code.orElse(ExitCode.UNKNOWN), foreignLock, message);
        Optional<RemoteTrouble> remote = code.isPresent() && !foreignLock ? RemoteTrouble.in(log) : Optional.empty();
        Optional<SystemError> cause = SystemError.quotedIn(message);
        return new Failure(
                OptionalInt.of(exit),
                code.map(ExitCode::toolName),
                isExecutableTrouble(exit)
                        ? Category.CONFIGURATION
                        : remote.map(RemoteTrouble::category)
                                .or(() -> cause.map(SystemError::category))
                                .orElse(meaning.category()),
                message,
                redaction.tail(output),
                remote.map(RemoteTrouble::hint)
                        .or(() -> cause.map(SystemError::hint))
                        .orElseGet(() -> hint(exit, message, meaning)));
    }

    /** The same trouble comes with several exit statuses. */
    private static ExitCode meaning(ExitCode code, boolean foreignLock, String message) {
        if (foreignLock) {
            return ExitCode.LOCK_ACQUIRE;
        }
        return code == ExitCode.CONFIG && message.contains(NO_CLUSTER) ? ExitCode.DB_CONNECT : code;
    }

    private static String hint(int exit, String message, ExitCode meaning) {
        if (exit == 0) {
            return "Compare with pgbackrest info. If the backup is not there, somebody else removed or overwrote it: see that only one host runs backups and expire of this stanza.";
        }
        if (isExecutableTrouble(exit)) {
            return "Install pgBackRest, or set HOLDFAST_PGBACKREST to its executable.";
        }
        boolean damagedInfo = meaning.category() == Category.CORRUPTION && message.contains(INFO_FILE);
        return damagedInfo
                ? "Both copies of the file in the message cannot be read. With another passphrase than the one that the stanza was created with all files look so: compare repoN-cipher-pass with the copy that you have kept. If it is the right one, both are damaged: put a good copy back from a snapshot of the storage or from another repository. The backups themselves may be whole, so never run stanza-delete."
                : meaning.hint();
    }

    private static boolean isExecutableTrouble(int exit) {
        return exit == NOT_FOUND || exit == NOT_EXECUTABLE;
    }

    private static String messageOf(ToolLog log, int exit, Redaction redaction) {
        return log.error().map(entry -> redaction.applied(entry.text())).orElseGet(() -> switch (exit) {
            case 0 -> "pgBackRest ended with success, but the repository lists no backup of this request";
            case NOT_FOUND -> "the pgBackRest executable was not found";
            case NOT_EXECUTABLE -> "the pgBackRest executable cannot be executed";
            default -> "pgBackRest ended with exit status %d and gave no reason".formatted(exit);
        });
    }
}
