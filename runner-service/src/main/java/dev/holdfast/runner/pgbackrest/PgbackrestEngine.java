package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.BackupEngine;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.BackupSet;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.Lookup;
import dev.holdfast.runner.backup.Rejection;
import dev.holdfast.runner.backup.Run;
import dev.holdfast.runner.backup.RunPlan;
import dev.holdfast.runner.backup.RunResult;
import dev.holdfast.runner.backup.RunWatch;
import dev.holdfast.runner.backup.StopCause;
import dev.holdfast.runner.repository.StanzaInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** pgBackRest as the engine: writes the intent down, runs the command under the supervisor, and believes only {@code info}. */
final class PgbackrestEngine implements BackupEngine {

    private static final Logger LOGGER = LoggerFactory.getLogger(PgbackrestEngine.class);
    private static final int LOG_LIMIT = 1024 * 1024;
    private static final int LOOKS = 12;
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(5);
    private static final String DEFAULT_COMPRESSION = "gz";

    private final Pgbackrest tool;
    private final ToolFacts facts;
    private final Supervisor supervisor;
    private final Path runs;
    private final Predicate<String> runningBackup;

    /**
     * @param runs folder of the run folders
     * @param runningBackup whether a stanza's primary shows a session of a running backup
     */
    PgbackrestEngine(
            Pgbackrest tool, ToolFacts facts, Supervisor supervisor, Path runs, Predicate<String> runningBackup) {
        this.tool = tool;
        this.facts = facts;
        this.supervisor = supervisor;
        this.runs = runs;
        this.runningBackup = runningBackup;
    }

    @Override
    public Optional<RunResult.Refused> obstacle(String stanza) {
        return facts.pausedBy(stanza)
                .map(detail -> new RunResult.Refused(Rejection.PAUSED, detail))
                .or(() -> facts.systemChange(stanza)
                        .map(detail -> new RunResult.Refused(Rejection.SYSTEM_CHANGED, detail)));
    }

    @Override
    public RunPlan plan(BackupRequest request) {
        List<String> arguments = ArgumentList.of(request, tool);
        return new RunPlan(
                arguments,
                Digests.of(arguments),
                facts.configurationHash(),
                facts.systemId(request.stanza()),
                facts.version());
    }

    @Override
    public Run prepare(BackupRequest request, int attempt, UUID startedEventId, RunPlan plan) {
        RunFolder folder = new RunFolder(runs.resolve(request.id() + "." + attempt));
        String intent = RequestFile.text(request, attempt, startedEventId, plan.arguments());
        folder.writeWhole(RequestFile.NAME, intent);
        supervisor.prepare(folder, plan.arguments());
        return new Run(request, attempt, startedEventId, folder.path());
    }

    @Override
    public List<Run> unfinished() {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        List<Run> unfinished = new ArrayList<>();
        try (Stream<Path> folders = Files.list(runs)) {
            folders.sorted().forEach(folder -> readableRun(folder).ifPresent(unfinished::add));
        } catch (IOException e) {
            throw new ToolTrouble("cannot read the run folders in " + runs, e);
        }
        return unfinished;
    }

    private static Optional<Run> readableRun(Path folder) {
        try {
            return intentIn(folder).map(RequestFile.Intent::run);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("folder", folder)
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("an intent cannot be read; its folder is left as it is, look at it");
            return Optional.empty();
        }
    }

    @Override
    public RunResult run(Run run, RunWatch watch) throws InterruptedException {
        RunFolder folder = new RunFolder(run.folder());
        RunFolder.State before = folder.state();
        Optional<Failure> trouble = before == RunFolder.State.PREPARED ? facts.trouble() : Optional.empty();
        if (trouble.isPresent()) {
            return new RunResult.Failed(Optional.empty(), trouble.get());
        }
        Optional<StopCause> stopped = supervisor.untilEnd(folder, commandOf(run), watch);
        return result(run, folder, stopped, before);
    }

    @Override
    public boolean isUnderway(Run run) {
        return new RunFolder(run.folder()).state() == RunFolder.State.RUNNING;
    }

    @Override
    public Optional<Instant> startedAt(Run run) {
        return new RunFolder(run.folder()).startedAt();
    }

    @Override
    public void keepAlive(Run run) {
        RunFolder folder = new RunFolder(run.folder());
        if (folder.state() == RunFolder.State.RUNNING) {
            folder.renewLease();
        }
    }

    @Override
    public void rearm(Run run) {
        new RunFolder(run.folder()).rearm();
    }

    @Override
    public void forget(Run run) throws InterruptedException {
        RunFolder folder = new RunFolder(run.folder());
        supervisor.end(folder, commandOf(run));
        folder.remove();
    }

    @Override
    public Lookup find(BackupRequest request) throws InterruptedException {
        try {
            Optional<StanzaInfo> info = tool.info(request.stanza());
            Optional<BackupSet> set = info.flatMap(stanza -> stanza.madeBy(request.id()));
            if (set.isPresent()) {
                return new Lookup.Found(inFull(request.stanza(), set.get()));
            }
            return info.filter(stanza -> stanza.status().isReadable()).isPresent()
                    ? new Lookup.Absent()
                    : new Lookup.Unknown(info.map(stanza ->
                                    facts.redaction().applied(stanza.status().message()))
                            .orElse("pgbackrest info does not list the stanza"));
        } catch (ToolTrouble e) {
            return new Lookup.Unknown(facts.redaction().applied(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<String> compressionOf(BackupRequest request) {
        return Optional.ofNullable(request.options().get("compress-type"))
                .or(() -> facts.configured(request.stanza(), "compress-type"))
                .or(() -> Optional.of(DEFAULT_COMPRESSION));
    }

    @Override
    public boolean showsRunningBackup(String stanza) {
        return runningBackup.test(stanza);
    }

    private RunResult result(Run run, RunFolder folder, Optional<StopCause> stopped, RunFolder.State before)
            throws InterruptedException {
        String output = folder.output(LOG_LIMIT);
        ToolLog log = ToolLog.of(output);
        Optional<BackupSet> set = madeBy(run, folder, log);
        if (set.isPresent()) {
            return made(run, set.get(), log, before == RunFolder.State.ENDED || before == RunFolder.State.LOST);
        }
        if (stopped.isPresent()) {
            return new RunResult.Stopped(folder.startedAt(), stopped.get());
        }
        if (folder.isLeaseExpired() || folder.exitStatus().isEmpty()) {
            return new RunResult.Interrupted(folder.startedAt(), "the runner was away for longer than its lease");
        }
        String all = output + folder.errors(LOG_LIMIT);
        RunResult result =
                FailureReader.read(folder.exitStatus().getAsInt(), all, folder.startedAt(), facts.redaction());
        return result instanceof RunResult.Failed failed
                ? new RunResult.Failed(
                        failed.startedAt(), facts.disks().applied(run.request().stanza(), failed.failure()))
                : result;
    }

    /**
     * Asks the repository: for the label that the log names, else for the request's annotation, also after a failure.
     * Where there may well be a backup, a repository that cannot be read is asked again for a while.
     */
    private Optional<BackupSet> madeBy(Run run, RunFolder folder, ToolLog log) throws InterruptedException {
        BackupRequest request = run.request();
        Optional<BackupSet> named =
                log.label().isPresent() ? setOf(request, log.label().get()) : Optional.empty();
        if (named.isPresent()) {
            return named;
        }
        boolean likely = log.label().isPresent() || folder.exitStatus().orElse(0) == 0;
        for (int look = likely ? LOOKS : 1; look > 0; look--) {
            boolean again = look > 1;
            switch (find(request)) {
                case Lookup.Found found -> {
                    return Optional.of(found.set());
                }
                case Lookup.Absent absent -> {
                    return Optional.empty();
                }
                case Lookup.Unknown unknown when again -> TimeUnit.MILLISECONDS.sleep(LOOK_PAUSE.toMillis());
                case Lookup.Unknown unknown ->
                    LOGGER.atWarn()
                            .addKeyValue("requestId", request.id())
                            .addKeyValue("error", unknown.reason())
                            .log("the repository cannot be asked whether there is a backup");
            }
        }
        return Optional.empty();
    }

    private Optional<BackupSet> setOf(BackupRequest request, String label) throws InterruptedException {
        try {
            return tool.info(request.stanza(), label, request.repository())
                    .flatMap(stanza -> stanza.madeBy(request.id()));
        } catch (ToolTrouble e) {
            LOGGER.atWarn()
                    .addKeyValue("requestId", request.id())
                    .addKeyValue("label", label)
                    .addKeyValue("error", facts.redaction().applied(String.valueOf(e.getMessage())))
                    .log("the backup's set could not be read; its whole stanza is asked for instead");
            return Optional.empty();
        }
    }

    /** The set with its list of damaged files, which only {@code info --set} tells. */
    private BackupSet inFull(String stanza, BackupSet set) throws InterruptedException {
        return tool.info(stanza, set.label(), OptionalInt.of(set.repository())).stream()
                .flatMap(info -> info.backups().stream())
                .findFirst()
                .orElse(set);
    }

    private RunResult made(Run run, BackupSet set, ToolLog log, boolean endedBefore) {
        boolean changed = set.kind() != run.request().kind();
        Optional<String> typeChange = changed
                ? log.typeChange().or(() -> Optional.of("pgBackRest found no usable prior backup"))
                : Optional.empty();
        facts.observed(run.request().stanza(), set.systemId());
        OptionalLong millis = log.millis();
        return new RunResult.Made(set, typeChange, compressionOf(run.request()), endedBefore, millis);
    }

    private static List<String> commandOf(Run run) {
        return intentIn(run.folder())
                .map(RequestFile.Intent::arguments)
                .orElseThrow(() -> new ToolTrouble("the intent in %s is gone".formatted(run.folder())));
    }

    private static Optional<RequestFile.Intent> intentIn(Path folder) {
        return new RunFolder(folder).read(RequestFile.NAME).map(text -> RequestFile.read(text, folder));
    }
}
