package dev.holdfast.runner.backup;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What makes backups. The one in use is pgBackRest; tests put a fake here. */
public interface BackupEngine {

    /** Why no backup of this stanza may be made at present; empty if nothing stands against it. Cheap: asks no process. */
    Optional<RunResult.Refused> obstacle(String stanza);

    /** What would be executed for this request. */
    RunPlan plan(BackupRequest request);

    /**
     * Writes the intent down, so that a restarted runner finds it, before anything is claimed or run. What takes time before a
     * command runs, and changes nothing, may begin here; {@link #run} or {@link #forget} must follow.
     */
    Run prepare(BackupRequest request, int attempt, UUID startedEventId, RunPlan plan);

    /** The runs that are written down on this host. */
    List<Run> unfinished();

    /**
     * Executes the run, or adopts it where it runs already or has ended, and waits for its end.
     *
     * @throws InterruptedException if the runner stops meanwhile; the run then goes on for as long as its lease lasts
     */
    RunResult run(Run run, RunWatch watch) throws InterruptedException;

    /** True if the run's command runs at present. */
    boolean isUnderway(Run run);

    /** When the run's command was started; empty if it never was. */
    Optional<Instant> startedAt(Run run);

    /** Keeps a run going that nobody waits for yet. */
    void keepAlive(Run run);

    /** Forgets that the run was executed, so that it can be executed again. */
    void rearm(Run run);

    /**
     * Removes what {@link #prepare} wrote. What still runs of it is ended before.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    void forget(Run run) throws InterruptedException;

    /**
     * Asks the repository for the request's backup.
     *
     * @throws InterruptedException if the runner stops meanwhile: then nothing is known
     */
    Lookup find(BackupRequest request) throws InterruptedException;

    /** The compression that a run of this request uses; empty where unknown. */
    Optional<String> compressionOf(BackupRequest request);

    /** True if the primary shows a session of a running backup; false also where it cannot be asked. */
    boolean showsRunningBackup(String stanza);
}
