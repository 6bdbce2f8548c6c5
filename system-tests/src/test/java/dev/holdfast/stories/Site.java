package dev.holdfast.stories;

import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.outside.Closing;
import dev.holdfast.testsupport.outside.Executions;
import dev.holdfast.testsupport.outside.Folders;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** One stanza with a repository, a runner and a validator of its own on the shared stack, for stories that break things. */
final class Site implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Stack stack;
    private final PgBackRestRepository repository;
    private final Path folder;
    private final Executions executions;

    /**
     * A site whose stanza exists and whose services don't run yet.
     *
     * @param stanza its name, and its pool's; a name is used by one site only, because another cluster behind the same name
     *     is what a runner refuses
     * @param options further options of pgBackRest's section {@code [global]}
     */
    Site(Stack stack, String stanza, Map<String, String> options) {
        this.stack = stack;
        PostgresCluster cluster =
                closeLater(PostgresCluster.builder().archiving().start());
        this.repository = closeLater(PgBackRestRepository.configured(cluster, stanza, options));
        this.folder = Folders.in(stack.folder(), stanza);
        this.executions = new Executions(Folders.in(folder, "executions"), repository.executable());
        repository.stanzaCreate();
    }

    /** Its repository. */
    PgBackRestRepository repository() {
        return repository;
    }

    /** What its runner has executed. */
    Executions executions() {
        return executions;
    }

    /** Starts its runner: the same one again after it was killed, with the same state. */
    AppProcess startRunner() {
        return startRunner(repository.configuration());
    }

    /** Starts its runner with another configuration file of pgBackRest. */
    AppProcess startRunner(Path configuration) {
        int port = FreePorts.next();
        return closeLater(stack.app("runner-service", "runner-" + repository.stanza())
                .env("HOLDFAST_RUNNER_PORT", port)
                .env("HOLDFAST_RUNNER_POOL", repository.stanza())
                .env("HOLDFAST_RUNNER_STANZAS", repository.stanza())
                .env("HOLDFAST_PGBACKREST", executions.program())
                .env("HOLDFAST_PGBACKREST_CONFIG", configuration)
                .env("HOLDFAST_RUNNER_STATE", Folders.in(folder, "state-runner"))
                .readyAt("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
                .start());
    }

    /** Starts its validator: the same one again after it was killed, with the same state. */
    AppProcess startValidator() {
        int port = FreePorts.next();
        return closeLater(stack.app("validator-service", "validator-" + repository.stanza())
                .env("HOLDFAST_VALIDATOR_PORT", port)
                .env("HOLDFAST_VALIDATOR_POOL", repository.stanza())
                .env("HOLDFAST_VALIDATOR_STANZAS", repository.stanza())
                .env("HOLDFAST_PGBACKREST_CONFIG", repository.configuration())
                .env("HOLDFAST_SANDBOX", "docker")
                .env("HOLDFAST_VALIDATOR_STATE", validatorState())
                .readyAt("http://127.0.0.1:%d/actuator/health/readiness".formatted(port))
                .start());
    }

    /** Where its validator keeps what outlives it. */
    Path validatorState() {
        return Folders.in(folder, "state-validator");
    }

    /** Ends its processes and removes its cluster and repository. */
    @Override
    public void close() {
        Closing.all(open);
    }

    private <T extends AutoCloseable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }
}
