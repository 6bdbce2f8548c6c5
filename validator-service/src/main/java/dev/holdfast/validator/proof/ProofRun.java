package dev.holdfast.validator.proof;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One proof in one sandbox, step by step. Each step that finds the end of the test throws {@link ProofStopped}. */
final class ProofRun {

    /** What is known before anything is restored. */
    private record Seen(BackupEngine.Listing listing, ArchiveListing archive, Inside inside) {}

    /**
     * What every proof of this validator has in common.
     *
     * @param tools the outside things
     * @param before what earlier events say
     * @param limits how long things may take
     * @param clock tells when something happened
     * @param random draws
     */
    record World(
            RestoreProof.Tools tools,
            ProvenBefore before,
            RestoreProof.Limits limits,
            Clock clock,
            RandomGenerator random) {}

    private final World world;
    private final RestoreProof.Tools tools;
    private final TestOrder order;
    private final Sandbox sandbox;
    private final ProofNotes notes;
    private final ProofProgress progress;
    private Aftermath aftermath;

    ProofRun(World world, TestOrder order, Sandbox sandbox, ProofNotes notes, ProofProgress progress) {
        this.world = world;
        this.aftermath = new Aftermath(world.before(), order.stanza(), List.of(), ArchiveListing.EMPTY);
        this.tools = world.tools();
        this.order = order;
        this.sandbox = sandbox;
        this.notes = notes;
        this.progress = progress;
        notes.sandbox(sandbox);
    }

    /**
     * Runs all steps; the notes hold what they found.
     *
     * @return PostgreSQL's major version that is needed instead of the sandbox's; empty if the test has come to its end
     */
    Optional<String> run(Demands demands) {
        Duration limit = world.limits().whole();
        progress.whenCancelled(why -> end(new Conclusion(Reason.CANCELLED, why)));
        CompletableFuture<Void> timer = CompletableFuture.runAsync(
                () -> end(tooLong(limit)),
                CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread));
        try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
            Inside inside = tools.database().prepare(sandbox);
            notes.inside(inside);
            refuseWritableRepository(inside);
            SpaceWatch.over(sandbox, progress, this::end);
            BackupEngine.Stock stock = tools.backups().stock(sandbox, order);
            BackupEngine.Listing listing = stock.listing();
            ArchiveListing archive = stock.archive();
            aftermath = new Aftermath(world.before(), order.stanza(), listing.backups(), archive);
            notes.pgbackrest(listing.version());
            notes.archive(archive.digest());
            notes.climb(Rung.EXIT_CODE);
            Backup backup = choose(listing);
            Optional<String> other = otherMajor(backup, inside);
            if (other.isEmpty()) {
                restoreAndCheck(backup, new Seen(listing, archive, inside), demands, together);
            }
            return other;
        } catch (ProofStopped e) {
            notes.conclude(aftermath.toldOfRepository(
                    order.label(),
                    BrokenWay.explain(sandbox, e.conclusion()),
                    () -> tools.backups().otherRepositories(order)));
            return Optional.empty();
        } finally {
            timer.cancel(false);
        }
    }

    private static Optional<String> otherMajor(Backup backup, Inside inside) {
        return inside.postgresMajor()
                .filter(major -> !backup.postgresVersion().isEmpty()
                        && !backup.postgresVersion().equals(major))
                .map(_ -> backup.postgresVersion());
    }

    private static Conclusion tooLong(Duration limit) {
        return new Conclusion(
                Reason.TIMEOUT, "the test was not over after %s; raise HOLDFAST_VALIDATOR_TIME_LIMIT".formatted(limit));
    }

    private void restoreAndCheck(Backup backup, Seen seen, Demands demands, ExecutorService together) {
        notes.chosen(backup);
        notes.climb(Rung.INFO);
        try {
            BackupEngine.Plan plan = plan(backup, seen);
            WalWalk walk = walk(plan, seen.archive());
            requireSpace(backup, seen.inside());
            restore(plan, walk);
            DatabaseEngine.Control control = tools.database().control(sandbox);
            checkIdentity(backup, control);
            Recovery.Recovered recovered =
                    new Recovery(world, order, sandbox, notes, progress).along(plan, walk, control);
            recovered.missed().ifPresent(found -> conclude(backup, found));
            DatabaseEngine.Answers answers = recovered.answers();
            checkContent(
                    plan,
                    new ContentChecks.Cluster(control, answers.query(), seen.listing(), seen.archive()),
                    demands,
                    together);
            pass(plan, answers);
        } catch (ProofStopped e) {
            conclude(backup, e.conclusion());
        }
    }

    private BackupEngine.Plan plan(Backup backup, Seen seen) {
        Timelines way = new ProductionLine(
                        seen.listing().backups(),
                        seen.archive(),
                        timeline -> tools.backups().history(sandbox, order, backup.archiveId(), timeline))
                .to(order.target(), backup);
        Target target = new TargetDraw(world.random()).fix(order, backup, seen.archive(), way, SegmentSize.of(backup));
        return new BackupEngine.Plan(order, backup, target, way);
    }

    /** Before damage is said to be found, the repository is asked again whether it still is what was tested. */
    private void conclude(Backup backup, Conclusion found) {
        if (!notes.isConcluded()) {
            Conclusion seen = new SecondLook(tools.backups(), sandbox, order).at(backup, found);
            notes.conclude(aftermath.told(backup, BrokenWay.explain(sandbox, seen)));
        }
    }

    /** Ends the test from outside its steps: what runs in the sandbox ends with it, and what the steps say of that is late. */
    private void end(Conclusion conclusion) {
        notes.conclude(conclusion);
        sandbox.close();
    }

    /** The mount is read-only by order; here it is seen to be. */
    private void refuseWritableRepository(Inside inside) {
        if (inside.repositoryWritable() && !sandbox.kind().equals("process")) {
            throw new ProofStopped(
                    Reason.SANDBOX,
                    "the repository could be written from inside the sandbox; the test was stopped before it touched anything. Check the container engine's read-only mounts.");
        }
    }

    private Backup choose(BackupEngine.Listing listing) {
        Optional<Backup> chosen = new BackupChoice(world.before(), world.random()).choose(order, listing.backups());
        if (chosen.isEmpty()) {
            throw noBackup(listing);
        }
        if (!BackupChoice.endsBefore(chosen.get(), order.target())) {
            throw new ProofStopped(
                    Reason.TARGET_UNREACHABLE,
                    "backup %s ended at %s (%s), not before the target; choose a later target or an earlier backup"
                            .formatted(
                                    chosen.get().label(),
                                    chosen.get().stoppedAt(),
                                    chosen.get().lsnStop().map(Lsn::toString).orElse("LSN unknown")));
        }
        return chosen.get();
    }

    private ProofStopped noBackup(BackupEngine.Listing listing) {
        if (order.label().isPresent()) {
            return new MissingBackup(tools.backups(), world.before(), sandbox, order).conclude(listing);
        }
        return listing.backups().isEmpty()
                ? new ProofStopped(
                        Reason.NO_BACKUP, "stanza %s has no backup; make one first".formatted(order.stanza()))
                : new ProofStopped(
                        Reason.TARGET_UNREACHABLE,
                        "no backup of stanza %s ended before the target; the oldest, %s, ended at %s"
                                .formatted(
                                        order.stanza(),
                                        listing.backups().getFirst().label(),
                                        listing.backups().getFirst().stoppedAt()));
    }

    private WalWalk walk(BackupEngine.Plan plan, ArchiveListing archive) {
        progress.enter(Check.WAL_CONTINUITY);
        long start = System.nanoTime();
        WalContinuity continuity = WalContinuity.of(plan, archive, SegmentSize.of(plan.backup()));
        notes.check(continuity.check(since(start)));
        continuity.conclusion().ifPresent(found -> conclude(plan.backup(), found));
        if (continuity
                .conclusion()
                .map(Conclusion::reason)
                .filter(Reason.TARGET_UNREACHABLE::equals)
                .isPresent()) {
            throw new ProofStopped(
                    Reason.TARGET_UNREACHABLE, continuity.conclusion().get().message());
        }
        return continuity.walk();
    }

    private void requireSpace(Backup backup, Inside inside) {
        // room for the WAL that recovery fetches and for the checkpoint at its end
        long needed = backup.bytes() + backup.bytes() / 10 + (256L << 20);
        long free = Math.min(inside.freeBytes(), sandbox.diskLimit());
        if (free < needed) {
            throw new ProofStopped(
                    Reason.SPACE,
                    "restoring %s needs about %d MB, the sandbox has %d MB; free space or raise HOLDFAST_SANDBOX_DISK"
                            .formatted(backup.label(), needed >> 20, free >> 20));
        }
    }

    private void restore(BackupEngine.Plan plan, WalWalk walk) {
        progress.enter(Check.RESTORE);
        long start = System.nanoTime();
        BackupEngine.Restoration restoration = tools.backups().restore(sandbox, plan);
        notes.manifest(restoration.manifest());
        switch (restoration.ended()) {
            case BackupEngine.Restored.Complete(String detail) -> {
                notes.restored(since(start));
                notes.check(Check.passed(Check.RESTORE, since(start), detail));
                climbAfterRestore(plan, walk);
            }
            case BackupEngine.Restored.GaveUp(Reason reason, String detail) -> {
                notes.check(Check.failed(Check.RESTORE, since(start), detail));
                throw gaveUp(reason, detail);
            }
        }
    }

    private ProofStopped gaveUp(Reason reason, String detail) {
        if (reason == Reason.SPACE) {
            return new ProofStopped(Shortage.SPACE.during("the restore", detail));
        }
        Optional<Shortage> shortage =
                reason == Reason.SANDBOX ? Shortage.in(sandbox, tools.database()) : Optional.empty();
        return shortage.map(lack -> new ProofStopped(lack.during("the restore", detail)))
                .orElseGet(() -> new ProofStopped(reason, detail));
    }

    /** A restore reads every file of the set and compares its checksum: with the WAL walk that is what verify does. */
    private void climbAfterRestore(BackupEngine.Plan plan, WalWalk walk) {
        if (!notes.isConcluded() && plan.backup().walStop().map(walk::reaches).orElse(false)) {
            notes.climb(Rung.VERIFY);
        }
        notes.climb(Rung.RESTORED);
    }

    private void checkIdentity(Backup backup, DatabaseEngine.Control control) {
        if (!control.systemId().equals(backup.systemId())) {
            throw new ProofStopped(
                    Reason.CONFIGURATION,
                    "the restored cluster has system identifier %s, the repository says %s: backups of two clusters share this stanza"
                            .formatted(control.systemId(), backup.systemId()));
        }
        notes.check(Check.passed(Check.SYSTEM_IDENTITY, Duration.ZERO, "system identifier " + control.systemId()));
    }

    private void checkContent(
            BackupEngine.Plan plan, ContentChecks.Cluster cluster, Demands demands, ExecutorService together) {
        new ContentChecks(world, order, sandbox, notes, progress, together)
                .run(cluster, plan.backup(), demands)
                .ifPresent(found -> concludeContent(plan.backup(), found));
    }

    private void concludeContent(Backup backup, Conclusion conclusion) {
        notes.conclude(Shortage.in(sandbox, tools.database())
                .map(lack -> lack.during("the checks", conclusion.message()))
                .orElseGet(() -> aftermath.told(backup, conclusion)));
    }

    private void pass(BackupEngine.Plan plan, DatabaseEngine.Answers answers) {
        if (!notes.isConcluded()) {
            notes.climb(Rung.CONTENT_CHECKED);
            climbBoundary(plan, answers);
            notes.conclude(new Conclusion(Reason.OK, passed(plan)));
        }
    }

    private void climbBoundary(BackupEngine.Plan plan, DatabaseEngine.Answers answers) {
        if (plan.target() instanceof Target.Name(String name)
                && world.before().restorePoint(order.stanza(), name).equals(answers.replayed())
                && answers.replayed().isPresent()) {
            notes.climb(Rung.BOUNDARY_PROVEN);
        }
    }

    private String passed(BackupEngine.Plan plan) {
        return "backup %s of stanza %s restores to its target and its content is sound%s%s"
                .formatted(
                        plan.backup().label(),
                        order.stanza(),
                        notes.loss().map(loss -> "; " + loss).orElse(""),
                        notes.remarks());
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
