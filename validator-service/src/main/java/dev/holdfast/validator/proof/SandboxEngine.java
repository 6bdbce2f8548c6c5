package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Makes sandboxes. */
public interface SandboxEngine {

    /**
     * What a sandbox must see.
     *
     * @param testId the test; names the sandbox
     * @param place the repository, mounted read-only at its own path
     * @param lifetime after which nobody needs it any more
     * @param postgresMajor which PostgreSQL must be in there; empty while nobody knows
     */
    record Wanted(UUID testId, RepositoryPlace place, Duration lifetime, Optional<String> postgresMajor) {}

    /**
     * Makes one.
     *
     * @throws ProofStopped with ENGINE or IMAGE, and the command that remedies it
     */
    Sandbox open(Wanted wanted);

    /** Which kind: docker, process. */
    String kind();

    /** Removes what crashed validators left. Logs what it cannot. */
    void removeLeftovers();
}
