package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.BackupEngine;
import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.DatabaseEngine;
import dev.holdfast.validator.proof.Inside;
import dev.holdfast.validator.proof.Inventory;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Drives PostgreSQL's programs inside a sandbox. Written for PostgreSQL 14 and newer. */
public final class PostgreSql implements DatabaseEngine {

    private static final Duration QUICK = Duration.ofMinutes(5);
    // each finding of pg_amcheck begins so (pg_amcheck.c); the indented lines behind it explain
    private static final Pattern REPORT = Pattern.compile("^(?:btree index|heap table) \"");
    private static final Pattern OOM_KILL = Pattern.compile("(?m)^oom_kill [1-9]");
    private static final Pattern FULL = Pattern.compile("No space left on device|Disk quota exceeded");
    /** The exit status of a program that the kernel has ended: 128 and SIGKILL's number. */
    private static final int KILLED = 137;

    private static final int LOOKS = 3;

    private final String role;
    private final Duration checkLimit;

    /**
     * PostgreSQL's programs.
     *
     * @param role a superuser of the restored cluster
     * @param checkLimit how long one check may take
     */
    public PostgreSql(String role, Duration checkLimit) {
        this.role = role;
        this.checkLimit = checkLimit;
    }

    @Override
    public Inside prepare(Sandbox sandbox) {
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(
                List.of(
                        "sh",
                        "-c",
                        Script.PREPARE.text(),
                        "sh",
                        sandbox.workspace(),
                        sandbox.repository().orElse("")),
                QUICK));
        if (!finished.succeeded()) {
            throw new ProofStopped(
                    FULL.matcher(finished.err()).find() ? Reason.SPACE : Reason.SANDBOX,
                    "the sandbox's workspace cannot be prepared: "
                            + finished.err().strip());
        }
        InsideReader.refuseWhatLacks(finished.out());
        return InsideReader.read(finished.out());
    }

    @Override
    public Control control(Sandbox sandbox) {
        Sandbox.Finished finished =
                sandbox.run(new Sandbox.Command(List.of("pg_controldata", "-D", sandbox.workspace() + "/data"), QUICK));
        if (!finished.succeeded()) {
            throw new ProofStopped(
                    Reason.BACKUP_DAMAGED,
                    "the restored control file cannot be read: "
                            + finished.err().strip());
        }
        return ControlReader.read(finished.out());
    }

    @Override
    public Server start(Sandbox sandbox, Control control, BackupEngine.Plan plan) {
        int timeline = plan.way().last();
        return StartedServer.start(
                sandbox,
                ServerSettings.commandLine(
                        sandbox.workspace(),
                        control,
                        timeline == plan.backup().timeline() ? "current" : String.valueOf(timeline)));
    }

    @Override
    public Answers ask(Sandbox sandbox) {
        long start = System.nanoTime();
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(
                List.of(
                        "sh",
                        "-c",
                        Script.ASK.text(),
                        "sh",
                        sandbox.workspace() + "/run",
                        role,
                        SessionSettings.options()),
                QUICK));
        return AnswersReader.read(finished, Duration.ofNanos(System.nanoTime() - start), role);
    }

    @Override
    public Check dump(Sandbox sandbox) {
        long start = System.nanoTime();
        Sandbox.Finished finished = sandbox.run(
                new Sandbox.Command(client(sandbox, "pg_dumpall", "--no-sync", "-f", "/dev/null"), checkLimit));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (finished.succeeded()) {
            return Check.passed(Check.DUMP, took, "every database was dumped");
        }
        String error = Excerpt.of(finished.err());
        return isMissingLibrary(error)
                ? Check.notRun(Check.DUMP, lacking(error))
                : Check.failed(Check.DUMP, took, "pg_dumpall: " + error);
    }

    @Override
    public Check amcheck(Sandbox sandbox) {
        long start = System.nanoTime();
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(
                client(sandbox, "pg_amcheck", "--all", "--install-missing", "--heapallindexed", "--parent-check"),
                checkLimit));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        // 2 is corruption, anything else is trouble of its own (measured with 15)
        return switch (finished.exitCode()) {
            case 0 -> Check.passed(Check.AMCHECK, took, "every table and B-tree index is sound");
            case 2 -> corruption(sandbox, finished.out() + finished.err(), took);
            default ->
                Check.notRun(
                        Check.AMCHECK,
                        "pg_amcheck ended with status %d: %s"
                                .formatted(finished.exitCode(), Excerpt.of(finished.err())));
        };
    }

    /** It counts an index whose functions cannot be loaded among the corrupt ones, and one whose order this machine does not know. */
    private Check corruption(Sandbox sandbox, String found, Duration took) {
        List<String> errors = found.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("ERROR:"))
                .toList();
        List<String> reports =
                found.lines().filter(line -> REPORT.matcher(line).find()).toList();
        if (!errors.isEmpty()
                && errors.size() == reports.size()
                && errors.stream().allMatch(PostgreSql::isMissingLibrary)) {
            return Check.notRun(Check.AMCHECK, lacking(String.join("; ", errors)));
        }
        String orders =
                reports.stream().allMatch(report -> report.startsWith("btree index")) ? otherOrders(sandbox) : "";
        return orders.isEmpty()
                ? Check.failed(Check.AMCHECK, took, "pg_amcheck: " + Excerpt.of(found))
                : Check.notRun(
                        Check.AMCHECK,
                        "%s the text order that indexes were built with (%s), so what looks like damage may be none; build one with production's libraries and set HOLDFAST_SANDBOX_IMAGE: pg_amcheck: %s"
                                .formatted(Check.IMAGE_LACKS, orders, Excerpt.of(found)));
    }

    private String otherOrders(Sandbox sandbox) {
        return Excerpt.of(sandbox.run(new Sandbox.Command(
                        List.of(
                                "sh",
                                "-c",
                                Script.COLLATIONS.text(),
                                "sh",
                                sandbox.workspace() + "/run",
                                role,
                                SessionSettings.options()),
                        QUICK))
                .out());
    }

    @Override
    public Inventory inventory(Sandbox sandbox, Duration limit) {
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(
                List.of(
                        "sh",
                        "-c",
                        Script.INVENTORY.text(),
                        "sh",
                        sandbox.workspace() + "/run",
                        role,
                        SessionSettings.options(),
                        String.valueOf(Math.max(1, limit.toSeconds())),
                        SqlText.INVENTORY.text()),
                limit.plus(QUICK)));
        return InventoryReader.read(finished);
    }

    @Override
    public Questions questions(Sandbox sandbox) {
        return ReaderQuestions.prepared(sandbox, role);
    }

    @Override
    public void stop(Sandbox sandbox) {
        // where this fails the page checksums can't run, and say so
        sandbox.run(new Sandbox.Command(
                List.of("pg_ctl", "-D", sandbox.workspace() + "/data", "-m", "fast", "-w", "stop"), QUICK));
    }

    @Override
    public Check pageChecksums(Sandbox sandbox, Control control) {
        if (!control.pageChecksums()) {
            return Check.notRun(
                    Check.PAGE_CHECKSUMS, "the cluster has no data checksums; 'pg_checksums --enable' turns them on");
        }
        long start = System.nanoTime();
        Sandbox.Finished finished = sandbox.run(new Sandbox.Command(
                List.of("pg_checksums", "--check", "-D", sandbox.workspace() + "/data"), checkLimit));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (finished.succeeded()) {
            return Check.passed(Check.PAGE_CHECKSUMS, took, Excerpt.of(finished.out()));
        }
        String found = Excerpt.of(finished.err() + finished.out());
        return found.contains("checksum verification failed") || found.contains("could not read block")
                ? Check.failed(Check.PAGE_CHECKSUMS, took, "pg_checksums: " + found)
                : Check.notRun(Check.PAGE_CHECKSUMS, "pg_checksums could not run: " + found);
    }

    @Override
    public boolean ranOutOfMemory(Sandbox sandbox) {
        if (!sandbox.limits().containsKey("memory")
                || sandbox.limits().get("memory").equals("absent")) {
            return false;
        }
        Sandbox.Finished finished = memoryEvents(sandbox);
        for (int look = 1; look < LOOKS && finished.exitCode() == KILLED; look++) {
            finished = memoryEvents(sandbox);
        }
        // where not even a shell is left alive, nobody is left to say why
        return finished.exitCode() == KILLED || OOM_KILL.matcher(finished.out()).find();
    }

    @Override
    public boolean ranOutOfSpace(Sandbox sandbox) {
        Sandbox.Finished finished = sandbox.run(
                new Sandbox.Command(List.of("sh", "-c", Script.SPACE.text(), "sh", sandbox.workspace()), QUICK));
        return FULL.matcher(finished.err()).find();
    }

    private static Sandbox.Finished memoryEvents(Sandbox sandbox) {
        return sandbox.run(new Sandbox.Command(List.of("sh", "-c", Script.MEMORY_EVENTS.text()), QUICK));
    }

    private List<String> client(Sandbox sandbox, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "PGOPTIONS=" + SessionSettings.options(),
                program,
                "-h",
                sandbox.workspace() + "/run",
                "-p",
                "5432",
                "-U",
                role,
                "-w"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String lacking(String error) {
        return "%s a library or a locale that the database uses; build one that has it and set HOLDFAST_SANDBOX_IMAGE: %s"
                .formatted(Check.IMAGE_LACKS, error);
    }

    private static boolean isMissingLibrary(String error) {
        return error.contains("could not access file")
                || error.contains("could not load library")
                || error.contains(Check.LOCALE_LACKS);
    }

    /** Settings of the control file by the names that the server knows. */
    static Map<String, String> settingNames() {
        return Map.of(
                "max_connections setting", "max_connections",
                "max_worker_processes setting", "max_worker_processes",
                "max_wal_senders setting", "max_wal_senders",
                "max_prepared_xacts setting", "max_prepared_transactions",
                "max_locks_per_xact setting", "max_locks_per_transaction");
    }
}
