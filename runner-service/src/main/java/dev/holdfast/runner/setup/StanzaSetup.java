package dev.holdfast.runner.setup;

import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.backup.StanzaCheck;
import dev.holdfast.runner.repository.Primary;
import dev.holdfast.runner.repository.StanzaInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings one stanza after another to where backups can be made. What it finds, what it will do and what came of it goes out
 * line by line. A second run finds everything there and changes nothing.
 */
public final class StanzaSetup {

    private static final int MISSING_PATH = 1;
    private static final int MISSING_DATA = 3;

    private final SetupTool tool;
    private final Primary primary;
    private final Consumer<String> out;
    private final Report report;
    private final TimelineHistories histories;
    private final boolean carryOut;

    /**
     * @param out takes each line
     * @param carryOut false to look and to say what would be done, and no more
     */
    public StanzaSetup(SetupTool tool, Primary primary, Consumer<String> out, boolean carryOut) {
        this.tool = tool;
        this.primary = primary;
        this.out = out;
        this.report = new Report(out);
        this.histories = new TimelineHistories(tool, primary, report, carryOut);
        this.carryOut = carryOut;
    }

    /**
     * Sets the stanzas up.
     *
     * @return true if every one of them is ready for its first backup, or would be
     * @throws InterruptedException if the program is told to end
     */
    public boolean setUp(List<String> stanzas) throws InterruptedException {
        Optional<Failure> trouble = tool.trouble();
        if (trouble.isPresent()) {
            report.wrong(trouble.get().message(), trouble.get().hint());
            return false;
        }
        report.say("pgBackRest", tool.version());
        boolean ready = true;
        for (String stanza : stanzas) {
            out.accept("");
            out.accept("stanza " + stanza);
            ready &= setUp(stanza);
        }
        return ready;
    }

    private boolean setUp(String stanza) throws InterruptedException {
        Optional<String> obstacle = obstacle(stanza);
        if (obstacle.isPresent()) {
            return false;
        }
        Optional<StanzaInfo> info;
        try {
            info = tool.info(stanza);
        } catch (RuntimeException e) {
            report.wrong(
                    String.valueOf(e.getMessage()),
                    "Correct what it names; holdfast doctor says which line. Then run init again.");
            return false;
        }
        Optional<String> cluster = primary.systemId(stanza);
        report.say("cluster", describedCluster(cluster));
        List<StanzaInfo.Repository> repositories =
                info.map(StanzaInfo::repositories).orElse(List.of());
        for (StanzaInfo.Repository repository : repositories) {
            if (!isAcceptable(stanza, repository, info.get(), cluster)) {
                return false;
            }
        }
        boolean missing = repositories.isEmpty()
                || repositories.stream().map(StanzaInfo.Repository::status).anyMatch(StanzaSetup::isMissing);
        return (!missing || created(stanza)) && histories.arrive(stanza) && checked(stanza);
    }

    /** What makes it useless to begin; empty if nothing does. It has been said. */
    private Optional<String> obstacle(String stanza) {
        if (tool.setting(stanza, "pg1-path").isEmpty()) {
            report.wrong(
                    "pgbackrest.conf has no section [%s] with pg1-path".formatted(stanza),
                    "Add one: [%s] and in it pg1-path=, what SHOW data_directory says in the cluster."
                            .formatted(stanza));
            return Optional.of(stanza);
        }
        Optional<String> paused = tool.pausedBy(stanza);
        paused.ifPresent(detail -> report.wrong(detail, "Then run init again."));
        return paused;
    }

    private static String describedCluster(Optional<String> systemId) {
        return systemId.map(id -> "system identifier " + id)
                .orElse("not asked: it is on another host, or psql gets no connection; pgBackRest compares for itself");
    }

    /** True if the stanza may be created in the repository, or is there and of the same cluster. Says which. */
    private boolean isAcceptable(
            String stanza, StanzaInfo.Repository repository, StanzaInfo info, Optional<String> cluster) {
        StanzaInfo.Status status = repository.status();
        if (isMissing(status)) {
            report.say("repository " + repository.key(), "the stanza is not there yet");
            return true;
        }
        if (!status.isReadable()) {
            report.wrong(
                    "repository %d cannot be read: %s".formatted(repository.key(), status.message()),
                    "Nothing was changed. See that the storage is there, belongs to the user who runs this, and that credentials and passphrase are right.");
            return false;
        }
        Optional<StanzaInfo.Database> holds = info.currentDatabases().stream()
                .filter(database -> database.repositoryKey() == repository.key())
                .findFirst();
        if (cluster.isPresent()
                && holds.filter(database -> !database.systemId().equals(cluster.get()))
                        .isPresent()) {
            report.wrong(
                    "repository %d holds the stanza of another cluster: system identifier %s, PostgreSQL %s"
                            .formatted(
                                    repository.key(),
                                    holds.get().systemId(),
                                    holds.get().version()),
                    "Nothing was changed. If this cluster took the other's place on purpose (pg_upgrade, a new initdb), run: pgbackrest --stanza=%s stanza-upgrade. If not, pg1-path or repo%d-path is wrong, or the stanza needs a name of its own."
                            .formatted(stanza, repository.key()));
            return false;
        }
        report.say("repository " + repository.key(), "the stanza is there, and stays as it is");
        return true;
    }

    private static boolean isMissing(StanzaInfo.Status status) {
        return status.code() == MISSING_PATH || status.code() == MISSING_DATA;
    }

    private boolean created(String stanza) throws InterruptedException {
        report.say(
                carryOut ? "to do" : "would run",
                tool.createCommand(stanza).stream().collect(Collectors.joining(" ")));
        if (!carryOut) {
            return true;
        }
        Optional<Failure> failure = tool.create(stanza);
        failure.ifPresent(why -> report.wrong("stanza-create failed: " + why.message(), why.hint()));
        if (failure.isEmpty()) {
            report.say("done", "the stanza is created");
        }
        return failure.isEmpty();
    }

    private boolean checked(String stanza) throws InterruptedException {
        if (!carryOut) {
            report.say("would run", "pgbackrest check, which ends a WAL segment and waits until it is archived");
            return true;
        }
        report.say("checking", "a WAL segment is ended, and has to arrive in every repository");
        Optional<StanzaCheck> check = tool.check(stanza, () -> {});
        if (check.filter(found -> found.outcome() == StanzaCheck.Outcome.PASSED).isPresent()) {
            report.say("check", "passed: WAL reaches the repository");
            return true;
        }
        report.wrong(
                "the check did not pass: " + check.map(StanzaCheck::message).orElse("it could not be run"),
                check.map(StanzaCheck::hint).orElse("Run it by hand: pgbackrest --stanza=%s check".formatted(stanza)));
        return false;
    }
}
