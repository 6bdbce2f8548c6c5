package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.ArchiveListing;
import dev.holdfast.validator.proof.BackupEngine;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.proof.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Drives pgBackRest inside a sandbox. Written for 2.45 and newer. */
public final class PgBackRest implements BackupEngine {

    private static final Duration QUICK = Duration.ofMinutes(5);
    private static final DateTimeFormatter TARGET_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    // Several answers for one round trip, which costs more than any of them. What varies reaches the shells as
    // arguments, not as their text.
    private static final String VERSION_AND_INFO = "pgbackrest version && exec pgbackrest info \"$@\"";
    // no JSON holds it, in which it would be escaped
    private static final String BEHIND_INFO = "\n\036\n";
    private static final String STOCK = """
            pgbackrest version && pgbackrest info --output=json "$1" "$2" || exit
            printf '\\n\\036\\n'
            # with the stanza: a TLS server that serves some stanzas only refuses whoever names none
            pgbackrest repo-ls --output=json --recurse "$1" "$2" "$3" > "$4" || exit
            printf '%s\\n' "$6" > "$5" || exit
            exec cat "$4\"""";
    // Archived, a segment bears the SHA-1 of what was in it. archive-get does not compare it (measured with 2.45), and
    // PostgreSQL
    // looks at what it replays only: uncompressed, a byte that was changed behind the last record would be seen by
    // nobody.
    private static final String FETCH = """
            listing=$1 archive=$2 name=$3 path=$4
            shift 4
            pgbackrest "$@" archive-get "$name" "$path" || exit
            # a history file, or a segment that was archived after the test began
            archived=$(grep -o "\\"$archive/${name%????????}/$name-[0-9a-f]*" "$listing") || exit 0
            found=$(sha1sum < "$path") || exit
            found=${found%% *}
            case "$archived" in *"-$found"*) exit 0 ;; esac
            echo "ERROR: [026]: WAL segment $name of archive $archive has SHA-1 $found and was archived as ${archived##*-}" >&2
            exit 1""";
    // The digest is of what is stored, encrypted or not: what somebody who looks into the repository would hash.
    // Whatever is wrong with
    // the manifest, the restore says it.
    private static final String RESTORE = """
            pgbackrest repo-get --raw "$1" "$2" "$3" 2> /dev/null | sha256sum &
            shift 3
            pgbackrest restore "$@"
            status=$?
            wait
            exit $status""";
    private static final String NOTHING_READ = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    // 2026/20261122-161022F.manifest.gz, with the ending of its compression and none if it is encrypted only
    private static final Pattern HISTORY_MANIFEST = Pattern.compile("(?:.*/)?([^/]+)\\.manifest(?:\\.[a-z0-9]+)?");

    // only after a failure, and only to name what is damaged
    private static final Duration VERIFY_LIMIT = Duration.ofMinutes(10);

    // what timeout(1) ends with when it had to end its command
    private static final int TIMED_OUT = 124;

    private final RepositoryLocator locator;
    private final Duration restoreLimit;
    private final int processes;
    private final InfoReader info = new InfoReader();
    private final ListingReader listings = new ListingReader();

    /**
     * The program as the machine's configuration describes it.
     *
     * @param configuration pgBackRest's configuration file
     * @param environment the process environment
     * @param restoreLimit how long a restore may take
     * @param processes how many files are restored at a time
     */
    public PgBackRest(Path configuration, Map<String, String> environment, Duration restoreLimit, int processes) {
        this.locator = new RepositoryLocator(configuration, environment);
        this.restoreLimit = restoreLimit;
        this.processes = processes;
    }

    /** What every command in a sandbox finds in its environment: it wins over the configuration file. */
    public static Map<String, String> environment(Path configuration, String workspace) {
        return Map.of(
                "PGBACKREST_CONFIG",
                configuration.toAbsolutePath().toString(),
                "PGBACKREST_LOG_LEVEL_FILE",
                "off",
                "PGBACKREST_LOG_LEVEL_CONSOLE",
                "off",
                // archive-get's complaints then stand in PostgreSQL's log, each once
                "PGBACKREST_LOG_LEVEL_STDERR",
                "warn",
                "PGBACKREST_ARCHIVE_ASYNC",
                "n",
                "PGBACKREST_LOCK_PATH",
                workspace + "/lock",
                // as an option archive-get refuses it where it is not asynchronous; a variable it passes over
                "PGBACKREST_SPOOL_PATH",
                workspace + "/spool",
                "PGBACKREST_LOG_PATH",
                workspace + "/log");
    }

    @Override
    public RepositoryPlace locate(TestOrder order) {
        return locator.locate(order);
    }

    @Override
    public SortedSet<Integer> otherRepositories(TestOrder order) {
        return locator.others(order);
    }

    @Override
    public Stock stock(Sandbox sandbox, TestOrder order) {
        String archive = "archive/" + order.stanza();
        List<String> command = new ArrayList<>(List.of("sh", "-c", STOCK, "sh"));
        command.addAll(which(order));
        command.addAll(List.of(archive, listing(sandbox), fetch(sandbox), FETCH));
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(command, QUICK));
        int behind = finished.out().indexOf(BEHIND_INFO);
        if (behind < 0) {
            throw refused("'pgbackrest info' failed", finished);
        }
        Listing listing = listing(finished.out().substring(0, behind), sandbox, order);
        if (!finished.succeeded()) {
            throw refused("'pgbackrest repo-ls " + archive + "' failed", finished);
        }
        return new Stock(listing, listings.read(finished.out().substring(behind + BEHIND_INFO.length())));
    }

    /** Where the archive's listing is kept while the test goes on. */
    private static String listing(Sandbox sandbox) {
        return sandbox.workspace() + "/archive.json";
    }

    /** The program that fetches WAL for PostgreSQL. */
    private static String fetch(Sandbox sandbox) {
        return sandbox.workspace() + "/fetch-wal";
    }

    @Override
    public Listing list(Sandbox sandbox, TestOrder order) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", VERSION_AND_INFO, "sh", "--output=json"));
        command.addAll(which(order));
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(command, QUICK));
        if (!finished.succeeded()) {
            throw refused("'pgbackrest info' failed", finished);
        }
        return listing(finished.out(), sandbox, order);
    }

    /** The version in the first line, and what info says behind it. */
    private Listing listing(String output, Sandbox sandbox, TestOrder order) {
        int line = output.indexOf('\n');
        String version = output.substring(0, line).replace("pgBackRest", "").strip();
        return new Listing(
                version,
                info.read(
                        output.substring(line + 1),
                        order.stanza(),
                        locator.repository(order),
                        () -> decryptsArchive(sandbox, order)));
    }

    /** True if the cipher pass is the repository's: the record of the archive, which is encrypted with it too, can be read. */
    private boolean decryptsArchive(Sandbox sandbox, TestOrder order) {
        return get(sandbox, order, "archive/%s/archive.info".formatted(order.stanza()))
                .out()
                .startsWith("[");
    }

    /** The stanza and its repository, as every command is told them. */
    private List<String> which(TestOrder order) {
        return List.of("--stanza=" + order.stanza(), "--repo=" + locator.repository(order));
    }

    /** The content of a file of the repository, decrypted. */
    private Sandbox.Finished get(Sandbox sandbox, TestOrder order, String path) {
        List<String> command = new ArrayList<>(List.of("pgbackrest", "repo-get"));
        command.addAll(which(order));
        command.add(path);
        return sandbox.run(new Sandbox.Command(command, QUICK));
    }

    @Override
    public boolean holds(Sandbox sandbox, TestOrder order) {
        return order.label()
                .map(label -> walk(sandbox, order, "backup/%s/%s".formatted(order.stanza(), label)))
                .map(found -> found.files().keySet().stream().anyMatch(path -> path.startsWith("backup.manifest")))
                .orElse(false);
    }

    @Override
    public SortedSet<String> remembered(Sandbox sandbox, TestOrder order) {
        return walk(sandbox, order, "backup/" + order.stanza() + "/backup.history").files().keySet().stream()
                .map(HISTORY_MANIFEST::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public ArchiveListing archive(Sandbox sandbox, TestOrder order) {
        return walk(sandbox, order, "archive/" + order.stanza());
    }

    @Override
    public Optional<String> history(Sandbox sandbox, TestOrder order, String archiveId, int timeline) {
        String path = "archive/%s/%s/%08X.history".formatted(order.stanza(), archiveId, timeline);
        Sandbox.Finished finished = get(sandbox, order, path);
        if (finished.succeeded()) {
            return Optional.of(finished.out());
        }
        if (ToolError.in(finished.err()).filter(ToolError::isOfMissingFile).isPresent()) {
            return Optional.empty();
        }
        throw refused("'pgbackrest repo-get " + path + "' failed", finished);
    }

    @Override
    public Reason meaning(String complaint) {
        Reason reason = ToolError.in(complaint).map(ToolError::reason).orElse(Reason.SANDBOX);
        return reason == Reason.BACKUP_DAMAGED ? Reason.WAL_DAMAGED : reason;
    }

    private ArchiveListing walk(Sandbox sandbox, TestOrder order, String path) {
        List<String> command = new ArrayList<>(List.of("pgbackrest", "repo-ls", "--output=json", "--recurse"));
        command.addAll(which(order));
        command.add(path);
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(command, QUICK));
        if (!finished.succeeded()) {
            throw refused("'pgbackrest repo-ls " + path + "' failed", finished);
        }
        return listings.read(finished.out());
    }

    @Override
    public Verification verify(Sandbox sandbox, TestOrder order, Duration limit) {
        if (limit.isZero()) {
            return Verification.unread("HOLDFAST_VALIDATOR_VERIFY_LIMIT is PT0S");
        }
        Sandbox.Finished finished = verify(sandbox, order, limit, "--output=text", "--verbose");
        if (finished.exitCode() == TIMED_OUT) {
            return Verification.unread(
                    "'pgbackrest verify' was not over after %s; raise HOLDFAST_VALIDATOR_VERIFY_LIMIT"
                            .formatted(limit));
        }
        return finished.succeeded()
                ? VerifyReader.report(finished.out())
                : Verification.unread("'pgbackrest verify' ended with status %d: %s"
                        .formatted(
                                finished.exitCode(),
                                ToolError.in(finished.err())
                                        .map(ToolError::toString)
                                        .orElse(finished.err().strip())));
    }

    private Sandbox.Finished verify(Sandbox sandbox, TestOrder order, Duration limit, String... how) {
        List<String> command = new ArrayList<>(
                List.of("timeout", String.valueOf(Math.max(1, limit.toSeconds())), "pgbackrest", "verify"));
        command.addAll(which(order));
        command.addAll(List.of(how));
        return sandbox.run(new Sandbox.Command(command, limit.multipliedBy(2).plus(QUICK)));
    }

    @Override
    public Restoration restore(Sandbox sandbox, Plan plan) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", RESTORE, "sh"));
        command.addAll(which(plan.order()));
        command.add("backup/%s/%s/backup.manifest"
                .formatted(plan.order().stanza(), plan.backup().label()));
        command.addAll(restoreArguments(sandbox, plan));
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(command, restoreLimit));
        Optional<String> digest = Optional.of(finished.out())
                .filter(out -> out.length() > 64 && !out.startsWith(NOTHING_READ))
                .map(out -> out.substring(0, 64));
        return new Restoration(ended(finished, sandbox, plan), digest);
    }

    private Restored ended(Sandbox.Finished finished, Sandbox sandbox, Plan plan) {
        if (finished.succeeded()) {
            return new Restored.Complete(
                    "pgBackRest restored %d bytes of %s; the checksum of every file of the set agrees"
                            .formatted(
                                    plan.backup().bytes(),
                                    String.join(", ", plan.backup().chain())));
        }
        return ToolError.in(finished.err())
                .<Restored>map(error -> new Restored.GaveUp(
                        error.reason(),
                        "pgBackRest could not restore backup %s: %s%s"
                                .formatted(plan.backup().label(), error, damagedFiles(sandbox, plan, error))))
                .orElseGet(() -> new Restored.GaveUp(
                        Reason.SANDBOX,
                        "pgBackRest ended with status %d without naming an error: %s"
                                .formatted(finished.exitCode(), finished.err().strip())));
    }

    /** The error of a restore names no file; verify does, in its log, while its exit status stays 0 (measured with 2.45). */
    private String damagedFiles(Sandbox sandbox, Plan plan, ToolError error) {
        if (error.reason() != Reason.BACKUP_DAMAGED) {
            return "";
        }
        Sandbox.Finished finished = verify(sandbox, plan.order(), VERIFY_LIMIT, "--log-level-console=info");
        List<String> files = VerifyReader.damaged(finished.out(), plan.backup().chain());
        return files.isEmpty() ? "" : "; damaged: " + String.join(", ", files);
    }

    private List<String> restoreArguments(Sandbox sandbox, Plan plan) {
        String workspace = sandbox.workspace();
        List<String> command = new ArrayList<>(which(plan.order()));
        command.addAll(List.of(
                "--set=" + plan.backup().label(),
                "--pg1-path=" + workspace + "/data",
                // never archive from here, never touch the tablespace paths of production
                "--archive-mode=off",
                "--tablespace-map-all=" + workspace + "/tablespaces",
                "--process-max=" + processes,
                // the default retries after 15 s, which cures no damaged file
                "--job-retry=0",
                "--recovery-option=restore_command=" + restoreCommand(sandbox, plan),
                "--type=" + type(plan.target())));
        targetText(plan.target()).ifPresent(text -> command.add("--target=" + text));
        switch (plan.target()) {
            // 2.45 accepts no timeline with immediate, and writes 'current' itself
            case Target.BackupEnd _ -> command.add("--target-action=promote");
            // nothing to act upon: recovery ends with the archive
            case Target.Latest _ ->
                command.add("--target-timeline=" + plan.way().last());
            default -> {
                command.add("--target-action=promote");
                command.add("--target-timeline=" + plan.way().last());
            }
        }
        return command;
    }

    private String restoreCommand(Sandbox sandbox, Plan plan) {
        return "sh \"%s\" \"%s\" %s %%f \"%%p\" %s \"--pg1-path=%s/data\""
                .formatted(
                        fetch(sandbox),
                        listing(sandbox),
                        plan.backup().archiveId(),
                        String.join(" ", which(plan.order())),
                        sandbox.workspace());
    }

    private static String type(Target target) {
        return switch (target) {
            case Target.BackupEnd _ -> "immediate";
            case Target.Latest _ -> "default";
            case Target.Time _ -> "time";
            case Target.AtLsn _ -> "lsn";
            case Target.Name _ -> "name";
            case Target.RandomInWindow _ ->
                throw new IllegalStateException("a random target is drawn before the restore");
        };
    }

    private static Optional<String> targetText(Target target) {
        return switch (target) {
            // without an offset pgBackRest and PostgreSQL each take their own time zone
            case Target.Time time -> Optional.of(TARGET_TIME.format(time.instant()) + "+00");
            case Target.AtLsn at -> Optional.of(at.lsn().toString());
            case Target.Name name -> Optional.of(name.name());
            case Target.BackupEnd _, Target.Latest _, Target.RandomInWindow _ -> Optional.empty();
        };
    }

    private static ProofStopped refused(String what, Sandbox.Finished finished) {
        return ToolError.in(finished.err())
                .map(error -> new ProofStopped(
                        error.reason() == Reason.BACKUP_DAMAGED ? Reason.REPOSITORY_DAMAGED : error.reason(),
                        what + ": " + error))
                .orElseGet(() -> new ProofStopped(
                        Reason.SANDBOX,
                        "%s with status %d: %s"
                                .formatted(
                                        what,
                                        finished.exitCode(),
                                        finished.err().strip())));
    }
}
