package dev.holdfast.runner.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** An engine whose runs end as the test says, and whose repository is a map. */
final class ScriptedEngine implements BackupEngine {

    private final Deque<Function<RunWatch, RunResult>> results = new ArrayDeque<>();
    private final Deque<Supplier<Boolean>> sessions = new ArrayDeque<>();
    private final Map<UUID, BackupSet> repository = new HashMap<>();
    private final Map<UUID, Instant> begins = new HashMap<>();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final List<Run> forgotten = new CopyOnWriteArrayList<>();

    /** The next run ends so; the supplier is asked while it runs. */
    void nextRun(Supplier<RunResult> result) {
        results.add(watch -> result.get());
    }

    /** The next run ends as its watch lets it. */
    void nextWatchedRun(Function<RunWatch, RunResult> result) {
        results.add(result);
    }

    /** Whether the primary shows a running backup when it is asked next; once nothing is left it shows none. */
    void nextSession(Supplier<Boolean> shown) {
        sessions.add(shown);
    }

    /** A backup that lies in the repository. */
    void holds(UUID requestId, BackupSet set) {
        repository.put(requestId, set);
    }

    /** What was executed. */
    List<Run> runs() {
        return runs;
    }

    /** What was forgotten. */
    List<Run> forgotten() {
        return forgotten;
    }

    @Override
    public Optional<RunResult.Refused> obstacle(String stanza) {
        return Optional.empty();
    }

    @Override
    public RunPlan plan(BackupRequest request) {
        return new RunPlan(List.of("pgbackrest", "backup"), "a", "b", Optional.empty(), "2.45");
    }

    @Override
    public Run prepare(BackupRequest request, int attempt, UUID startedEventId, RunPlan plan) {
        return new Run(request, attempt, startedEventId, Path.of(request.id() + "." + attempt));
    }

    @Override
    public List<Run> unfinished() {
        return List.of();
    }

    @Override
    public RunResult run(Run run, RunWatch watch) {
        runs.add(run);
        return results.remove().apply(watch);
    }

    @Override
    public boolean isUnderway(Run run) {
        return begins.containsKey(run.request().id());
    }

    @Override
    public Optional<Instant> startedAt(Run run) {
        return Optional.ofNullable(begins.get(run.request().id()));
    }

    /** The request's command was started in an earlier life of the runner, and runs. */
    void began(UUID requestId, Instant at) {
        begins.put(requestId, at);
    }

    @Override
    public void keepAlive(Run run) {
        throw new IllegalStateException("nothing runs before the runner does");
    }

    @Override
    public void rearm(Run run) {
        throw new IllegalStateException("no run of these tests meets a lock");
    }

    @Override
    public void forget(Run run) {
        forgotten.add(run);
    }

    @Override
    public Lookup find(BackupRequest request) {
        BackupSet set = repository.get(request.id());
        return set == null ? new Lookup.Absent() : new Lookup.Found(set);
    }

    @Override
    public Optional<String> compressionOf(BackupRequest request) {
        return Optional.of("gz");
    }

    @Override
    public boolean showsRunningBackup(String stanza) {
        return !sessions.isEmpty() && sessions.remove().get();
    }
}
