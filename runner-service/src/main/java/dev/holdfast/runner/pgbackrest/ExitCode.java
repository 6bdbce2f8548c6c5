package dev.holdfast.runner.pgbackrest;

import static dev.holdfast.runner.backup.Category.CONFIGURATION;
import static dev.holdfast.runner.backup.Category.CONFLICT;
import static dev.holdfast.runner.backup.Category.CORRUPTION;
import static dev.holdfast.runner.backup.Category.INTERNAL;
import static dev.holdfast.runner.backup.Category.RETRYABLE;
import static dev.holdfast.runner.backup.Category.STORAGE;

import dev.holdfast.runner.backup.Category;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every exit status of pgBackRest, once: its name, who has to act, and what to do.
 *
 * <p>Source: {@code build/error.yaml} of pgBackRest, where each error has a fixed number that is also the exit status of
 * the command; the lists of 2.45 and 2.59.1 are the same. Hints are ours: pgBackRest's own mislead in known cases.
 */
enum ExitCode {
    ASSERT(25, INTERNAL, Hints.BUG),
    CHECKSUM(
            26,
            CORRUPTION,
            "A file in the repository is not what was written. Run pgbackrest verify, and take a full backup."),
    CONFIG(27, CONFIGURATION, Hints.CONFIGURATION_FILE),
    FILE_INVALID(28, CONFIGURATION, Hints.WRONG_CLUSTER),
    FORMAT(
            29,
            CORRUPTION,
            "A file cannot be read: damaged, or the passphrase (repoN-cipher-pass) is wrong. Compare the passphrase first, then run pgbackrest verify."),
    COMMAND_REQUIRED(30, CONFIGURATION, Hints.CONFIGURATION_FILE),
    OPTION_INVALID(31, CONFIGURATION, Hints.CONFIGURATION_FILE),
    OPTION_INVALID_VALUE(
            32,
            CONFIGURATION,
            "A value in pgbackrest.conf is not allowed. Comments after a value are part of the value: put them on lines of their own."),
    OPTION_REQUIRED(
            37,
            CONFIGURATION,
            "An option is missing in pgbackrest.conf or in the environment, often pg1-path of the stanza's section, or repoN-cipher-pass."),
    PG_RUNNING(38, CONFIGURATION, "PostgreSQL runs where it must not. Check pg1-path."),
    PROTOCOL(
            39,
            RETRYABLE,
            "The other side (storage or remote host) answered with an error, also when credentials are wrong. See the message: 403 means credentials, 5xx means try again."),
    PATH_NOT_EMPTY(40, CONFIGURATION, "A folder that must be empty is not. Check the paths in pgbackrest.conf."),
    FILE_OPEN(41, CONFIGURATION, Hints.PERMISSION),
    FILE_READ(42, RETRYABLE, "A file could not be read. Look for disk or network errors in the system's log."),
    PARAM_REQUIRED(43, CONFIGURATION, Hints.CONFIGURATION_FILE),
    ARCHIVE_MISMATCH(44, CONFIGURATION, Hints.WRONG_CLUSTER),
    ARCHIVE_DUPLICATE(
            45,
            CORRUPTION,
            "A WAL segment is in the archive already with other content: two clusters archive into one stanza. Stop the one that must not."),
    VERSION_NOT_SUPPORTED(
            46,
            CONFIGURATION,
            "This pgBackRest does not know this PostgreSQL version. Install a newer pgBackRest (PostgreSQL 16 needs 2.46, 17 needs 2.53.1, 18 needs 2.55)."),
    PATH_CREATE(47, STORAGE, Hints.SPACE),
    COMMAND_INVALID(48, CONFIGURATION, Hints.CONFIGURATION_FILE),
    HOST_CONNECT(
            49,
            RETRYABLE,
            "A host could not be reached. Check the name, the port, the network and whether pgbackrest server or sshd runs there."),
    LOCK_ACQUIRE(
            50,
            CONFLICT,
            "Another pgBackRest command holds the stanza's lock. Wait for it, or find it (ps -C pgbackrest); workers of a killed backup hold it until their file is done."),
    BACKUP_MISMATCH(51, CONFIGURATION, Hints.WRONG_CLUSTER),
    FILE_SYNC(52, STORAGE, Hints.SPACE),
    PATH_OPEN(53, CONFIGURATION, Hints.PERMISSION),
    PATH_SYNC(54, STORAGE, Hints.SPACE),
    FILE_MISSING(
            55,
            CONFIGURATION,
            "A file is missing. If it is backup.info: run pgbackrest stanza-create, or check repoN-path, on S3 also repoN-s3-bucket (a bucket that does not exist looks like an empty one). If it lay in a backup: somebody else removed it."),
    DB_CONNECT(
            56,
            RETRYABLE,
            "PostgreSQL cannot be reached. See that the cluster runs and that pg1-socket-path, pg1-port and pg1-path are its own."),
    DB_QUERY(
            57,
            RETRYABLE,
            "PostgreSQL refused a query. See the message: another backup may be running, or the database role lacks a right."),
    DB_MISMATCH(58, CONFIGURATION, Hints.WRONG_CLUSTER),
    FILE_REMOVE(60, STORAGE, Hints.PERMISSION),
    PATH_REMOVE(
            61,
            STORAGE,
            "A folder in the repository could not be removed, often because a second pgBackRest works in the same repository. Let only one host run backups of a stanza."),
    STOP(
            62,
            CONFLICT,
            "Somebody ran pgbackrest stop. Run pgbackrest start when backups may go on; until then WAL piles up on the primary."),
    TERM(63, RETRYABLE, "pgBackRest was ended by a signal. Find out who sends it; a full is resumed by the next one."),
    FILE_WRITE(64, STORAGE, Hints.SPACE),
    FEATURE_NOT_SUPPORTED(67, CONFIGURATION, Hints.CONFIGURATION_FILE),
    ARCHIVE_COMMAND_INVALID(
            68,
            CONFIGURATION,
            "PostgreSQL's archive_command is not pgBackRest's. Set it to: pgbackrest --stanza=STANZA archive-push %p"),
    LINK_EXPECTED(
            69,
            CONFIGURATION,
            "A symbolic link was expected in the cluster's folder. Check pg1-path and the tablespaces."),
    LINK_DESTINATION(
            70,
            CONFIGURATION,
            "A symbolic link in the cluster points to a place that pgBackRest refuses, such as into the cluster itself. Move the link's target."),
    HOST_INVALID(
            72,
            CONFIGURATION,
            "This command must run on the PostgreSQL host, but pg1-host is set here. Run the runner on that host, or on the repository host without repoN-host."),
    PATH_MISSING(
            73,
            CONFIGURATION,
            "A folder is missing. Check repoN-path and pg1-path; if it lay in a running backup, somebody else removed it."),
    FILE_MOVE(74, STORAGE, Hints.SPACE),
    BACKUP_SET_INVALID(
            75,
            CORRUPTION,
            "The backup set cannot be used: it is gone, or backup.info is damaged. Run pgbackrest info, then take a full backup."),
    TABLESPACE_MAP(76, CONFIGURATION, "A tablespace mapping is wrong. Check pgbackrest.conf."),
    LINK_MAP(78, CONFIGURATION, "A link mapping is wrong. Check pgbackrest.conf."),
    FILE_CLOSE(79, STORAGE, Hints.SPACE),
    DB_MISSING(
            80, CONFIGURATION, "A database named in pgbackrest.conf does not exist. Check db-include and db-exclude."),
    DB_INVALID(
            81,
            CONFIGURATION,
            "A database named in pgbackrest.conf cannot be chosen. Check db-include and db-exclude."),
    ARCHIVE_TIMEOUT(
            82,
            RETRYABLE,
            "A WAL segment did not reach the archive in time. See PostgreSQL's log for archive_command's errors, then pg_stat_archiver; then try again."),
    FILE_MODE(83, CONFIGURATION, Hints.PERMISSION),
    ARCHIVE_DISABLED(
            87,
            CONFIGURATION,
            "PostgreSQL does not archive. Set archive_mode = on and archive_command, and restart it."),
    FILE_OWNER(88, CONFIGURATION, Hints.PERMISSION),
    USER_MISSING(
            89,
            CONFIGURATION,
            "A user that owns files is unknown here. Run the runner as the user that owns the cluster."),
    FILE_EXISTS(93, STORAGE, "A file exists that must not. See that only one host runs backups of this stanza."),
    MEMORY(94, INTERNAL, "pgBackRest got no memory. Look at the machine's memory, and lower process-max."),
    CRYPTO(
            95,
            CORRUPTION,
            "A file cannot be decrypted. Compare the passphrase (repoN-cipher-pass) first, then run pgbackrest verify."),
    PARAM_INVALID(96, CONFIGURATION, Hints.CONFIGURATION_FILE),
    PATH_CLOSE(97, STORAGE, Hints.SPACE),
    FILE_INFO(98, CONFIGURATION, Hints.PERMISSION),
    JSON_FORMAT(
            99,
            CORRUPTION,
            "A file of the repository is not what pgBackRest writes. Run pgbackrest verify, and take a full backup."),
    KERNEL(100, INTERNAL, "The operating system refused something. See the message and the system's log."),
    SERVICE(101, RETRYABLE, "A service that pgBackRest needs answered with an error. See the message, then try again."),
    EXECUTE(
            102,
            RETRYABLE,
            "A program could not be executed, here or on the remote host. See that pgbackrest is installed there in the same version."),
    REPO_INVALID(103, RETRYABLE, "No repository could be used; the message holds the real cause for each."),
    COMMAND(104, RETRYABLE, "A command that pgBackRest runs failed; the message holds the real cause."),
    ACCESS(
            105,
            CONFIGURATION,
            "Access was refused. On a TLS server, tls-server-auth must allow this host's certificate for the stanza."),
    CLOCK(
            106,
            CONFIGURATION,
            "By this host's clock the repository holds a backup from the future (the message names both), or the hosts' clocks differ. Correct the clocks. If a backup was really made under a clock that ran ahead: pgbackrest --stanza=STANZA --set=LABEL expire, and remove its LABEL.manifest file from backup.history in the repository; else no backup is possible before that time has come."),
    RUNTIME(122, INTERNAL, Hints.BUG),
    UNHANDLED(124, INTERNAL, Hints.BUG),
    UNKNOWN(125, INTERNAL, Hints.BUG);

    private static final Map<Integer, ExitCode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ExitCode::code, Function.identity()));

    private final int code;
    private final Category category;
    private final String hint;

    ExitCode(int code, Category category, String hint) {
        this.code = code;
        this.category = category;
        this.hint = hint;
    }

    /** The exit status. */
    int code() {
        return code;
    }

    /** Who has to act. */
    Category category() {
        return category;
    }

    /** What to do, in plain words. */
    String hint() {
        return hint;
    }

    /** pgBackRest's own name, such as {@code lock-acquire}. */
    String toolName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The entry of an exit status; empty if pgBackRest has no such error. */
    static Optional<ExitCode> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Words that fit several errors. */
    private static final class Hints {
        static final String BUG =
                "This is a fault of pgBackRest itself. Keep the log, look whether a newer version has it fixed, and report it.";
        static final String CONFIGURATION_FILE =
                "pgbackrest.conf or the environment is wrong; the message names the option. Correct it: nothing needs to be restarted.";
        static final String PERMISSION =
                "The runner's user may not do that. Run it as the user that owns cluster and repository, and check owner and mode of the path in the message.";
        static final String SPACE =
                "The repository's storage refuses to write: full, read-only or broken. Free space or lower retention, and check mount and permissions.";
        static final String WRONG_CLUSTER =
                "The cluster is not the one that the stanza was created for. If it was upgraded or replaced on purpose: pgbackrest stanza-upgrade. If not: pg1-path is wrong.";

        private Hints() {}
    }
}
