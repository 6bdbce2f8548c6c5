package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast plan}: can I restore to this instant, and how. */
@Command(
        name = "plan",
        description = {
            "Tell whether a stanza can be restored to an instant, and with which commands.",
            "The answer is INFEASIBLE, FEASIBLE, or PROVEN by a restore test that has gone there. Nothing is restored. The exit status is 1 if it is infeasible."
        })
final class PlanCommand extends Subcommand {

    private static final double MILLIS = 1000.0;

    @Parameters(paramLabel = "STANZA", description = "The stanza to restore.")
    private String stanza = "";

    @Option(
            names = "--at",
            paramLabel = "TIME|LENGTH",
            required = true,
            description = "The instant to restore to, such as 2026-11-22T02:00:00Z, or how long ago, such as 2h.")
    private String at = "";

    PlanCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Words.stanza(stanza);
        Instant target = Words.since(at, session().clock().instant());
        Doc plan = plan(new Catalog(session().catalog()), target);
        answer(plan, this::print);
        return plan.cell("answer").equals("INFEASIBLE") ? ExitStatus.BAD : ExitStatus.GOOD;
    }

    private Doc plan(Catalog catalog, Instant target) {
        String path = "/stanzas/" + JsonHttp.encoded(stanza) + "/recoverability"
                + JsonHttp.query(List.of(Map.entry("at", target.toString())));
        return catalog.find(path).orElseGet(() -> {
            catalog.requireStanza(stanza);
            throw CommandFailure.bad("the catalog at this address cannot plan; is it of an older version?");
        });
    }

    private void print(Doc plan) {
        Instant now = session().clock().instant();
        console()
                .data("%s  %s at %s (%s)"
                        .formatted(
                                plan.cell("answer"),
                                plan.cell("stanza"),
                                plan.cell("at"),
                                Humanized.age(plan.cell("at"), now)));
        Table facts = new Table("", "");
        facts.row("reason", plan.cell("reason"));
        row(facts, "backup", backup(plan, now));
        row(facts, "WAL", wal(plan));
        row(facts, "estimate", estimate(plan));
        row(facts, "proof", proof(plan, now));
        facts.printRows(console());
        commands("On the database host, as its operating system user, with PostgreSQL stopped:", plan);
        plan.docs("procedures").forEach(place -> commands(heading(place), place));
        Freshness.mention(console(), plan);
    }

    private void commands(String heading, Doc steps) {
        if (steps.at("commands").orElse(null) instanceof List<?> commands && !commands.isEmpty()) {
            console().data("");
            console().data(heading);
            // not through a table: a command must stay whole to be copied
            commands.forEach(command -> console().data("  " + command));
        }
    }

    private static String heading(Doc place) {
        String environment = switch (place.cell("environment")) {
            case "HOST" -> "From stop to start, on a host";
            case "COMPOSE" -> "With Docker Compose";
            case "KUBERNETES" -> "On Kubernetes";
            default -> place.cell("environment");
        };
        return environment + ". " + place.cell("where");
    }

    private static void row(Table facts, String name, @Nullable String value) {
        if (value != null) {
            facts.row(name, value);
        }
    }

    private static @Nullable String backup(Doc plan, Instant now) {
        return plan.text("backup.label")
                .map(label -> "%s, %s, finished %s"
                        .formatted(
                                label,
                                plan.cell("backup.type"),
                                plan.text("backup.finishedAt")
                                        .map(end -> Humanized.age(end, now))
                                        .orElse("at a time unknown")))
                .orElse(null);
    }

    private static @Nullable String wal(Doc plan) {
        return plan.text("walFrom")
                .map(first -> first + " to " + plan.cell("walTo"))
                .orElse(null);
    }

    private static @Nullable String estimate(Doc plan) {
        if (plan.text("backup.label").isEmpty()) {
            return null;
        }
        return plan.number("estimate.p50Seconds")
                .map(half -> "%s, hardly more than %s (%s)"
                        .formatted(
                                seconds(half),
                                plan.number("estimate.p95Seconds")
                                        .map(PlanCommand::seconds)
                                        .orElse("?"),
                                plan.cell("estimate.basis")))
                .orElse("none: no restore of this stanza was ever measured");
    }

    private static @Nullable String proof(Doc plan, Instant now) {
        return plan.text("proof.verdict")
                .map(verdict -> "%s, %s, by test %s %s"
                        .formatted(
                                verdict,
                                plan.cell("proof.rung"),
                                plan.cell("proof.testId"),
                                plan.text("proof.at")
                                        .map(end -> Humanized.age(end, now))
                                        .orElse("")))
                .orElse(null);
    }

    private static String seconds(Number seconds) {
        return Humanized.duration(Duration.ofMillis(Math.round(seconds.doubleValue() * MILLIS)));
    }
}
