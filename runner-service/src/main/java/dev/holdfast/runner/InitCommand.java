package dev.holdfast.runner;

import dev.holdfast.runner.pgbackrest.SetupCommands;
import dev.holdfast.runner.postgresql.PsqlPrimary;
import dev.holdfast.runner.setup.StanzaSetup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code holdfast-runner init}: a host's stanzas, brought to where the first backup can be made. Needs no Kafka, and neither
 * reads nor writes the runner's state.
 */
final class InitCommand {

    static final String NAME = "init";

    private static final int GOOD = 0;
    private static final int BAD = 1;
    private static final int USAGE = 2;
    private static final String HELP = """
            Usage: holdfast-runner init [--dry-run] [STANZA...]

            Looks at each stanza (those of HOLDFAST_RUNNER_STANZAS where none is named), says what it will do, creates the
            stanza where it is missing, archives the histories of a promoted cluster's timelines where the repository lacks
            them, and lets pgBackRest check that WAL arrives. What is there already is never changed.
            Run it as the user who owns the cluster. Exit status: 0 if every stanza is ready, 1 if not, 2 for wrong usage.

              --dry-run   only look, and say what would be done
            """;

    private final Map<String, String> environment;
    private final PrintStream out;

    /**
     * @param out takes what is said
     */
    InitCommand(Map<String, String> environment, PrintStream out) {
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @param arguments without the command's own name
     * @return the exit status
     */
    int run(List<String> arguments) {
        List<String> stanzas = new ArrayList<>(arguments);
        if (stanzas.contains("--help") || stanzas.contains("-h")) {
            out.print(HELP);
            return GOOD;
        }
        boolean dryRun = stanzas.remove("--dry-run");
        Map<String, String> settled = new HashMap<>(environment);
        if (!stanzas.isEmpty()) {
            settled.put("HOLDFAST_RUNNER_STANZAS", String.join(",", stanzas));
        }
        try {
            return setUp(RunnerSettings.from(settled), !dryRun);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.print(HELP);
            return USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BAD;
        }
    }

    private int setUp(RunnerSettings settings, boolean carryOut) throws InterruptedException {
        SetupCommands tool = new SetupCommands(
                settings.pgbackrest(), settings.config(), settings.state(), environment, Clock.systemUTC());
        out.printf("configuration   %s%n", settings.config());
        for (String stanza : settings.stanzas()) {
            Optional<String> stranger = strangerTo(tool.setting(stanza, "pg1-path"));
            if (stranger.isPresent()) {
                out.println(stranger.get());
                return BAD;
            }
        }
        StanzaSetup setup = new StanzaSetup(tool, new PsqlPrimary(tool::setting), line -> out.println(line), carryOut);
        boolean ready = setup.setUp(settings.stanzas());
        out.println();
        out.println(
                ready
                        ? "Ready. Once the runner runs, ask for the first backup: holdfast backup %s --type full"
                                .formatted(settings.stanzas().getFirst())
                        : "Not ready: see what is WRONG above. It can be run again at any time; holdfast doctor explains more.");
        return ready ? GOOD : BAD;
    }

    /** Files that another user makes in the repository are closed to archive_command, which runs as the cluster's owner. */
    private static Optional<String> strangerTo(Optional<String> clusterFolder) {
        try {
            if (clusterFolder.isEmpty() || !Files.exists(Path.of(clusterFolder.get()))) {
                return Optional.empty();
            }
            String owner = Files.getOwner(Path.of(clusterFolder.get())).getName();
            String self = System.getProperty("user.name", "");
            return owner.equals(self)
                    ? Optional.empty()
                    : Optional.of(
                            "WRONG: you are %s, but %s belongs to %s: what stanza-create writes would be closed to archive_command. Nothing was changed.%nfix:   sudo -u %s holdfast-runner init"
                                    .formatted(self, clusterFolder.get(), owner, owner));
        } catch (IOException e) {
            return Optional.of(
                    "WRONG: %s is closed to you (%s). Run this as the user who owns the cluster: sudo -u postgres holdfast-runner init"
                            .formatted(clusterFolder.orElse(""), e.getMessage()));
        }
    }
}
