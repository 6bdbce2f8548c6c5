package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** All commands, and what an error means to the process. */
public final class CommandTree {

    private static final Map<String, Function<Session, Object>> COMMANDS = commands();

    /** What picocli says of a word that is none of those that an option takes. */
    private static final Pattern CHOICE = Pattern.compile(
            "Invalid value for option '([^']+)': expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'");

    private CommandTree() {}

    /**
     * Runs a command line.
     *
     * @param root the command {@code holdfast} itself
     * @param arguments what was typed
     * @return the exit status
     */
    public static int run(Object root, Session session, List<String> arguments) {
        CommandLine line = tree(root, session, arguments);
        line.setOut(session.console().out());
        line.setErr(session.console().err());
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, session));
        line.setParameterExceptionHandler((failure, typed) -> misused(failure, session));
        int status = line.execute(arguments.toArray(String[]::new));
        session.console().out().flush();
        session.console().err().flush();
        return status;
    }

    /** The script that teaches bash every command and option. The same for the same commands, whenever it is made. */
    public static String completion(Object root, Session session) {
        return AutoComplete.bash("holdfast", tree(root, session, List.of()))
                .lines()
                // picocli writes the time down
                .filter(line -> !line.startsWith("# Date:"))
                .collect(Collectors.joining("\n"));
    }

    /**
     * The root with the commands that the arguments may mean: picocli reads every annotation of each command that it is given,
     * and a cold start would pay for all of them. All, where none is named: for help and for typing mistakes. None for the
     * version.
     */
    static CommandLine tree(Object root, Session session, List<String> arguments) {
        CommandLine line = new CommandLine(root);
        line.addMixin("options", session.options());
        boolean enough = COMMANDS.keySet().stream().anyMatch(arguments::contains) || arguments.contains("--version");
        COMMANDS.forEach((name, command) -> {
            if (!enough || arguments.contains(name)) {
                line.addSubcommand(name, command.apply(session));
            }
        });
        line.getSubcommands().values().forEach(CommandTree::addHelp);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return line;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        command.getSubcommands().values().forEach(CommandTree::addHelp);
    }

    private static int failed(Exception failure, Session session) {
        ExitStatus status = ExitStatus.BAD;
        String message = "unexpected: " + failure;
        if (failure instanceof CommandFailure expected) {
            status = expected.status();
            message = String.valueOf(expected.getMessage());
        }
        session.console().say("holdfast: " + message.replaceAll("\\p{Cntrl}+", " "));
        if (session.options().isVerbose()) {
            failure.printStackTrace(session.console().err());
        }
        return status.code();
    }

    private static int misused(CommandLine.ParameterException failure, Session session) {
        CommandLine command = failure.getCommandLine();
        session.console().say("holdfast: " + words(failure));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(
                failure, session.console().err())) {
            session.console().say("see " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitStatus.USAGE.code();
    }

    /** What was typed wrong, in words of the command line rather than of its library. */
    private static String words(CommandLine.ParameterException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched
                && !failure.getCommandLine().getSubcommands().isEmpty()
                && !unmatched.isUnknownOption()) {
            return "'%s' is not a command of %s"
                    .formatted(
                            unmatched.getUnmatched().getFirst(),
                            failure.getCommandLine().getCommandSpec().qualifiedName());
        }
        Matcher choice = CHOICE.matcher(message);
        return choice.matches()
                ? "%s is '%s'; expected one of %s"
                        .formatted(
                                choice.group(1),
                                choice.group(3),
                                choice.group(2).toLowerCase(Locale.ROOT))
                : message;
    }

    private static Map<String, Function<Session, Object>> commands() {
        Map<String, Function<Session, Object>> commands = new LinkedHashMap<>();
        commands.put("status", StatusCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("prove", ProveCommand::new);
        commands.put("list", ListCommand::new);
        commands.put("show", ShowCommand::new);
        commands.put("trace", TraceCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("exposure", ExposureCommand::new);
        commands.put("expiry", ExpiryCommand::new);
        commands.put("slots", SlotsCommand::new);
        commands.put("queue", QueueCommand::new);
        commands.put("missing", MissingCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("cancel", CancelCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("policy", PolicyCommand::tree);
        commands.put("topics", TopicsCommand::tree);
        commands.put("evidence", EvidenceCommand::tree);
        commands.put("catalog", CatalogCommand::tree);
        commands.put("doctor", DoctorCommand::new);
        return commands;
    }
}
