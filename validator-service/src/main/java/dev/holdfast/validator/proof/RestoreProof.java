package dev.holdfast.validator.proof;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves a backup by restoring it: the one use case of the validator. Safe for several proofs at once. */
public final class RestoreProof {

    private static final Logger LOGGER = LoggerFactory.getLogger(RestoreProof.class);

    /**
     * The outside things.
     *
     * @param sandboxes makes sandboxes
     * @param backups the backup program
     * @param database PostgreSQL
     * @param demands where users write what they demand of the content
     */
    public record Tools(SandboxEngine sandboxes, BackupEngine backups, DatabaseEngine database, DemandBook demands) {}

    /**
     * How long things may take, and how often they are done.
     *
     * @param whole one test, all its steps together
     * @param inventory counting rows
     * @param verify pgBackRest's own verification; it reads the whole repository
     * @param verifyEvery how long a verification of a repository stands before a test makes it again
     */
    public record Limits(Duration whole, Duration inventory, Duration verify, Duration verifyEvery) {}

    private final Tools tools;
    private final ProvenBefore before;
    private final Clock clock;
    private final Limits limits;

    /**
     * A prover.
     *
     * @param before what earlier events say
     * @param clock tells when a test began
     */
    public RestoreProof(Tools tools, ProvenBefore before, Clock clock, Limits limits) {
        this.tools = tools;
        this.before = before;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Restores, checks, judges, and removes everything again. Never throws for what an order, a repository or an engine
     * can do: each ends in a conclusion.
     */
    public ProofReport prove(TestOrder order, ProofProgress progress) {
        ProofNotes notes = new ProofNotes(clock);
        try {
            proveInRightSandbox(order, notes, progress);
        } catch (ProofStopped e) {
            notes.conclude(e.conclusion());
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).addKeyValue("stanza", order.stanza()).log("a proof broke off");
            notes.conclude(new Conclusion(Reason.SANDBOX, "the test broke off: " + e));
        }
        return notes.report();
    }

    /** Which PostgreSQL is needed is known only once a sandbox has read the repository. */
    private void proveInRightSandbox(TestOrder order, ProofNotes notes, ProofProgress progress) {
        RepositoryPlace place = tools.backups().locate(order);
        Demands demands = tools.demands().of(order.stanza());
        notes.demands(demands.source());
        Optional<String> other = proveIn(wanted(order, place, Optional.empty()), order, demands, notes, progress);
        if (other.isPresent()
                && !notes.isConcluded()
                && proveIn(wanted(order, place, other), order, demands, notes, progress)
                        .isPresent()) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "the backup needs PostgreSQL %s and the sandbox has another; set HOLDFAST_SANDBOX_IMAGE to an image that has it"
                            .formatted(other.get()));
        }
    }

    /** PostgreSQL's major version that is needed instead of the one in this sandbox; empty if the proof has come to its end. */
    private Optional<String> proveIn(
            SandboxEngine.Wanted wanted, TestOrder order, Demands demands, ProofNotes notes, ProofProgress progress) {
        try (Sandbox sandbox = tools.sandboxes().open(wanted)) {
            ProofRun.World world = new ProofRun.World(tools, before, limits, clock, RandomGenerator.getDefault());
            return new ProofRun(world, order, sandbox, notes, progress).run(demands);
        }
    }

    private SandboxEngine.Wanted wanted(TestOrder order, RepositoryPlace place, Optional<String> major) {
        return new SandboxEngine.Wanted(order.testId(), place, limits.whole(), major);
    }
}
