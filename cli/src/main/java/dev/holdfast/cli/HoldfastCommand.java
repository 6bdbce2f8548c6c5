package dev.holdfast.cli;

import dev.holdfast.cli.command.CommandTree;
import dev.holdfast.cli.command.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast}: PostgreSQL backups that prove they restore. */
@Command(
        name = "holdfast",
        description = "PostgreSQL backups that prove they restore.",
        mixinStandardHelpOptions = true,
        versionProvider = HoldfastCommand.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "The local stack (from a checkout: ./holdfast):",
            "  up        Build, install what is missing, start everything, make and prove a first backup.",
            "  down      Stop what up started.",
            "  env       Print the addresses of the running stack as shell exports.",
            "  pids      Print name and process id of everything that up started.",
            "",
            "Exit status:",
            "  0 done and good, 1 done and bad, 2 usage, 3 cannot reach a service, 4 timed out"
        })
public final class HoldfastCommand implements Runnable {

    /** Hidden: what deploy/local/train-aot runs, so that the AOT cache knows what real commands load. */
    private static final String REHEARSE = "--rehearse";

    /** Hidden: what deploy/systemd/build-debs runs for the package's bash completion. */
    private static final String COMPLETION = "--completion";

    private static final String VERSION = "--version";

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs one command line and ends the process with its exit status. */
    public static void main(String[] arguments) {
        List<String> typed = List.of(arguments);
        quietLogs(typed.contains("--verbose"));
        if (typed.equals(List.of(REHEARSE))) {
            Rehearsal.play();
            return;
        }
        if (typed.equals(List.of(REHEARSE, "queries"))) {
            Rehearsal.playQueries();
            return;
        }
        if (typed.equals(List.of(COMPLETION))) {
            Session session = Session.ofProcess();
            session.console().data(CommandTree.completion(new HoldfastCommand(), session));
            return;
        }
        if (typed.equals(List.of(VERSION))) {
            // scripts ask for it at every turn: reading annotations would take three times as long as the rest
            Session.ofProcess().console().data(Versions.text());
            return;
        }
        System.exit(CommandTree.run(new HoldfastCommand(), Session.ofProcess(), typed));
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command; see holdfast --help");
        }
    }

    /** Before the first logger is made: the Kafka clients repeat for ever what one line says better. */
    private static void quietLogs(boolean verbose) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
    }

    /** The version from the jar's manifest. */
    static final class Versions implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }

        static String text() {
            return "holdfast " + Version.number();
        }
    }
}
