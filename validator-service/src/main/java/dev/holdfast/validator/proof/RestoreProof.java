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
     */
    public record Tools(SandboxEngine sandboxes, BackupEngine backups, DatabaseEngine database) {}

    private final Tools tools;
    private final ProvenBefore before;
    private final Clock clock;
    private final Duration limit;

    /**
     * A prover.
     *
     * @param limit how long one test may take
     */
    public RestoreProof(Tools tools, ProvenBefore before, Clock clock, Duration limit) {
        this.tools = tools;
        this.before = before;
        this.clock = clock;
        this.limit = limit;
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
        Optional<String> other = proveIn(wanted(order, place, Optional.empty()), order, notes, progress);
        if (other.isPresent()
                && !notes.isConcluded()
                && proveIn(wanted(order, place, other), order, notes, progress).isPresent()) {
            throw new ProofStopped(
                    Reason.IMAGE,
                    "the backup needs PostgreSQL %s and the sandbox has another; set HOLDFAST_SANDBOX_IMAGE to an image that has it"
                            .formatted(other.get()));
        }
    }

    /** PostgreSQL's major version that is needed instead of the one in this sandbox; empty if the proof has come to its end. */
    private Optional<String> proveIn(
            SandboxEngine.Wanted wanted, TestOrder order, ProofNotes notes, ProofProgress progress) {
        try (Sandbox sandbox = tools.sandboxes().open(wanted)) {
            return new ProofRun(tools, before, order, sandbox, notes, progress, RandomGenerator.getDefault())
                    .run(limit);
        }
    }

    private SandboxEngine.Wanted wanted(TestOrder order, RepositoryPlace place, Optional<String> major) {
        return new SandboxEngine.Wanted(order.testId(), place, limit, major);
    }
}
