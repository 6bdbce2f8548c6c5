package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** The checks of a cluster that reached its target: everything in it is read, and asked what the user wants to know. */
final class ContentChecks {

    /**
     * What is known of the cluster so far.
     *
     * @param control its control file
     * @param query whether each database answered
     * @param listing the backups as they were listed
     * @param archive the archive as it was listed
     */
    record Cluster(DatabaseEngine.Control control, Check query, BackupEngine.Listing listing, ArchiveListing archive) {}

    private final ProofRun.World world;
    private final TestOrder order;
    private final Sandbox sandbox;
    private final ProofNotes notes;
    private final ProofProgress progress;
    private final ExecutorService together;

    ContentChecks(
            ProofRun.World world,
            TestOrder order,
            Sandbox sandbox,
            ProofNotes notes,
            ProofProgress progress,
            ExecutorService together) {
        this.world = world;
        this.order = order;
        this.sandbox = sandbox;
        this.notes = notes;
        this.progress = progress;
        this.together = together;
    }

    /** Runs them all and notes each. The end of the test that they call for; empty if all is well. */
    Optional<Conclusion> run(Cluster cluster, Backup backup, Demands demands) {
        progress.enter(Check.DUMP);
        Future<VerifyJudgement> verifying = together.submit(() -> verify(backup, cluster.listing()));
        Future<Timed<Inventory>> taken = together.submit(
                () -> timed(() -> database().inventory(sandbox, world.limits().inventory())));
        Future<Check> amcheck = together.submit(() -> database().amcheck(sandbox));
        Check dump = note(database().dump(sandbox));
        Check structure = note(Together.get(amcheck));
        InventoryChecks inventory = inventory(Together.get(taken), demands);
        AssertionChecks assertions = assertions(demands);
        progress.enter(Check.PAGE_CHECKSUMS);
        database().stop(sandbox);
        Future<Check> untouched = together.submit(() -> untouched(cluster.archive()));
        Check pages = note(database().pageChecksums(sandbox, cluster.control()));
        Check archive = note(Together.get(untouched));
        VerifyJudgement verify = Together.get(verifying);
        note(verify.check());
        return ContentJudgement.of(
                        List.of(cluster.query(), dump, structure, pages),
                        archive,
                        cluster.control().pageChecksums())
                .or(verify::conclusion)
                .or(assertions::conclusion)
                .or(inventory::conclusion);
    }

    private InventoryChecks inventory(Timed<Inventory> taken, Demands demands) {
        notes.inventory(taken.value());
        InventoryChecks checks = InventoryChecks.of(
                taken.value(), world.before().inventory(order.stanza()), demands.schemaMustStay(), taken.took());
        note(checks.schema());
        note(checks.rows());
        return checks;
    }

    private AssertionChecks assertions(Demands demands) {
        List<AssertionChecks.Asked> asked = new ArrayList<>();
        if (!demands.assertions().isEmpty()) {
            progress.enter("assertions");
            DatabaseEngine.Questions questions = database().questions(sandbox);
            for (Assertion assertion : demands.assertions()) {
                Timed<Reply> reply = timed(() -> questions.ask(assertion));
                asked.add(new AssertionChecks.Asked(assertion, reply.value(), reply.took()));
            }
        }
        AssertionChecks checks = AssertionChecks.of(asked);
        checks.checks().forEach(this::note);
        return checks;
    }

    /** It reads the whole repository, not only what is tested: so not every test runs it. */
    private VerifyJudgement verify(Backup backup, BackupEngine.Listing listing) {
        Optional<String> standing = world.before()
                .lastVerified(order.stanza(), backup.repository())
                .filter(last -> last.plus(world.limits().verifyEvery())
                        .isAfter(world.clock().instant()))
                .map(last -> "a test ran it at %s, and it is due again %s after that"
                        .formatted(last, world.limits().verifyEvery()));
        if (standing.isPresent()) {
            return new VerifyJudgement(Check.notRun(Check.VERIFY, standing.get()), Optional.empty());
        }
        Timed<Verification> found =
                timed(() -> backups().verify(sandbox, order, world.limits().verify()));
        return VerifyJudgement.of(found.value(), stillListed(listing), backup.chain(), found.took());
    }

    /** What retention took meanwhile is no fault. */
    private Set<String> stillListed(BackupEngine.Listing before) {
        Set<String> labels = labels(before);
        labels.retainAll(labels(backups().list(sandbox, order)));
        return labels;
    }

    private static Set<String> labels(BackupEngine.Listing listing) {
        return new HashSet<>(listing.backups().stream().map(Backup::label).toList());
    }

    private Check untouched(ArchiveListing archive) {
        long start = System.nanoTime();
        return ArchiveUntouched.between(archive, backups().archive(sandbox, order), () -> since(start));
    }

    private Check note(Check check) {
        notes.check(check);
        return check;
    }

    private DatabaseEngine database() {
        return world.tools().database();
    }

    private BackupEngine backups() {
        return world.tools().backups();
    }

    private record Timed<T>(T value, Duration took) {}

    private static <T> Timed<T> timed(java.util.function.Supplier<T> step) {
        long start = System.nanoTime();
        T value = step.get();
        return new Timed<>(value, since(start));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
