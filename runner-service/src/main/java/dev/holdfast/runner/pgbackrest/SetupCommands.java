package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaCheck;
import dev.holdfast.runner.repository.StanzaInfo;
import dev.holdfast.runner.setup.SetupTool;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** pgBackRest for a set-up: nothing of the runner has to be there yet. */
public final class SetupCommands implements SetupTool {

    private static final String CREATE = "stanza-create";
    private static final String PUSH = "archive-push";

    private final Pgbackrest tool;
    private final ToolFacts facts;
    private final CheckCommand check;

    /**
     * @param executable the pgBackRest executable
     * @param config its configuration file
     * @param state the runner's folder; nothing is written there
     */
    public SetupCommands(String executable, Path config, Path state, Map<String, String> environment, Clock clock) {
        Pgbackrest bare = new Pgbackrest(executable, config);
        this.facts = new ToolFacts(bare, environment, new KnownSystems(state.resolve(PgbackrestRoom.SYSTEMS)));
        this.tool = bare.knowing(facts::configured);
        this.check = new CheckCommand(tool, facts, clock);
    }

    @Override
    public Optional<Failure> trouble() {
        return facts.trouble();
    }

    @Override
    public String version() {
        return facts.version();
    }

    @Override
    public Optional<String> setting(String stanza, String key) {
        return facts.configured(stanza, key);
    }

    @Override
    public Optional<String> pausedBy(String stanza) {
        return facts.pausedBy(stanza);
    }

    @Override
    public Optional<StanzaInfo> info(String stanza) throws InterruptedException {
        return tool.info(stanza);
    }

    @Override
    public List<String> createCommand(String stanza) {
        return tool.loggedCommand(stanza, CREATE);
    }

    @Override
    public Optional<Failure> create(String stanza) throws InterruptedException {
        return failureOf(tool.ended(stanza, CREATE, () -> {}));
    }

    private Optional<Failure> failureOf(Pgbackrest.Ended ended) {
        return ended.exit() == 0
                ? Optional.empty()
                : Optional.of(FailureReader.failure(ended.exit(), ended.output(), facts.redaction()));
    }

    @Override
    public Optional<String> archived(String stanza, StanzaInfo.Database cluster, String name)
            throws InterruptedException {
        String folder = "archive/%s/%s".formatted(stanza, cluster.archive());
        int repository = cluster.repositoryKey();
        boolean there = ListedRepository.filesIn(tool.listing(stanza, folder, repository, false)).stream()
                .anyMatch(file -> file.path().equals(name));
        return there ? Optional.of(tool.repositoryFile(stanza, folder + "/" + name, repository)) : Optional.empty();
    }

    @Override
    public List<String> pushCommand(String stanza, Path file) {
        List<String> command = new ArrayList<>(tool.loggedCommand(stanza, PUSH));
        // asynchronously it would push what PostgreSQL says is ready, and wait for this one in vain
        command.addAll(List.of("--no-archive-async", file.toString()));
        return command;
    }

    @Override
    public Optional<Failure> push(String stanza, Path file) throws InterruptedException {
        return failureOf(tool.ended(pushCommand(stanza, file), () -> {}));
    }

    @Override
    public Optional<StanzaCheck> check(String stanza, Runnable beat) throws InterruptedException {
        return check.check(stanza, beat);
    }
}
