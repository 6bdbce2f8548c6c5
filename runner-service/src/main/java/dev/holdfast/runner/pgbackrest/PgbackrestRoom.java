package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.BackupEngine;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaChecker;
import dev.holdfast.runner.repository.RepositorySource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What this room offers to the wiring. */
public final class PgbackrestRoom {

    /** Folder of the clusters that stanzas are known to be of, under the runner's own. */
    static final String SYSTEMS = "systems";

    private final Pgbackrest tool;
    private final ToolFacts facts;
    private final Supervisor supervisor;
    private final Path state;

    /**
     * @param executable the pgBackRest executable
     * @param config its configuration file
     * @param state folder for run folders and the supervisor script
     * @param lease how long a run goes on without the runner
     * @param beat how often a run is looked after
     */
    public PgbackrestRoom(
            String executable,
            Path config,
            Path state,
            Duration lease,
            Duration beat,
            Map<String, String> environment) {
        Pgbackrest bare = new Pgbackrest(executable, config);
        this.facts = new ToolFacts(bare, environment, new KnownSystems(state.resolve(SYSTEMS)));
        this.tool = bare.knowing(facts::configured);
        this.supervisor = Supervisor.install(state, lease, beat);
        this.state = state;
    }

    /**
     * The engine.
     *
     * @param runningBackup whether a stanza's primary shows a session of a running backup
     */
    public BackupEngine engine(Predicate<String> runningBackup) {
        return new PgbackrestEngine(tool, facts, supervisor, state.resolve("runs"), runningBackup);
    }

    /** Checks of a stanza. */
    public StanzaChecker checker(Clock clock) {
        return new CheckCommand(tool, facts, clock);
    }

    /** The repositories, for looking at. */
    public RepositorySource repositories() {
        return new ListedRepository(tool, facts);
    }

    /** The executable's version; {@code unknown} while it cannot be run. */
    public String version() {
        return facts.version();
    }

    /** Why nothing can be run at all; empty if nothing stands against it. */
    public Optional<Failure> trouble() {
        return facts.trouble();
    }

    /** A setting as a backup of the stanza sees it; empty if it is not set. */
    public Optional<String> configured(String stanza, String key) {
        return facts.configured(stanza, key);
    }
}
