package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.doctor.Finding;
import dev.holdfast.cli.doctor.Finding.Outcome;
import dev.holdfast.cli.doctor.HostExamination;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Table;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast doctor}: what is wrong on this host, why it matters, and the exact fix. */
@Command(
        name = "doctor",
        description = {
            "Examine this host: pgBackRest and its configuration, archiving, permissions, disk space, broker, registry, services, container engine.",
            "Changes nothing. Run it as root or as the user who owns the cluster. The exit status is 1 if there is any error."
        })
final class DoctorCommand extends Subcommand {

    @Option(
            names = "--stanza",
            paramLabel = "STANZA",
            description = "Only this stanza (default: all that are configured).")
    private @Nullable String stanza;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "pgBackRest's configuration (default: HOLDFAST_PGBACKREST_CONFIG, the local stack's, PGBACKREST_CONFIG, or pgBackRest's own place).")
    private @Nullable String config;

    @Option(names = "--host-only", description = "Leave out broker, registry, services and container engine.")
    private boolean hostOnly;

    DoctorCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Optional<String> wanted = Optional.ofNullable(stanza).map(Words::stanza);
        List<Finding> findings = new ArrayList<>(
                new HostExamination(Optional.ofNullable(config).map(DoctorCommand::path), wanted, everythingSet())
                        .examine());
        if (!hostOnly) {
            findings.addAll(new ServiceExamination(session()).examine());
        }
        findings.sort(Comparator.comparing(Finding::outcome));
        answer(answer(findings), nothing -> print(findings));
        boolean bad = findings.stream().anyMatch(finding -> finding.outcome() == Outcome.ERROR);
        return bad ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    /** The environment and what {@code ./holdfast up} wrote down: a local stack's own configuration is the one to examine. */
    private Map<String, String> everythingSet() {
        Map<String, String> set = new HashMap<>(session().environment());
        set.putAll(session().settings().asEnvironment());
        return set;
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw CommandFailure.usage("'%s' is not a file's name: %s".formatted(file, e.getReason()));
        }
    }

    private static Doc answer(List<Finding> findings) {
        Doc counts = Doc.empty();
        for (Outcome outcome : Outcome.values()) {
            counts.with(outcome.name(), count(findings, outcome));
        }
        return Doc.empty()
                .with(
                        "items",
                        findings.stream().map(Finding::asDoc).map(Doc::members).toList())
                .with("counts", counts);
    }

    private void print(List<Finding> findings) {
        Table table = new Table("OUTCOME", "CHECK", "FINDING");
        for (Finding finding : findings) {
            String outcome = finding.outcome() == Outcome.NOT_RUN
                    ? "NOT RUN"
                    : finding.outcome().name();
            table.row(outcome, finding.check(), told(finding));
            more(table, "why: ", finding.why());
            more(table, "fix: ", finding.fix());
        }
        table.print(console());
        console()
                .say(Arrays.stream(Outcome.values())
                        .map(outcome -> count(findings, outcome) + " " + words(outcome))
                        .collect(Collectors.joining(", ")));
    }

    private static String told(Finding finding) {
        String place = finding.where().isEmpty() ? "" : finding.where() + ": ";
        String whose = finding.stanza().isEmpty() ? "" : finding.stanza() + ": ";
        return place + whose + finding.found();
    }

    private static void more(Table table, String word, String text) {
        if (!text.isEmpty()) {
            table.row("", "", word + text);
        }
    }

    private static long count(List<Finding> findings, Outcome outcome) {
        return findings.stream().filter(finding -> finding.outcome() == outcome).count();
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case ERROR -> "error(s)";
            case WARNING -> "warning(s)";
            case NOT_RUN -> "not run";
            case OK -> "good";
        };
    }
}
