package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Policies;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Format;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import dev.holdfast.cli.screen.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast policy}: what shall happen by itself, and when. */
@Command(
        name = "policy",
        description = "Say what shall be backed up and proven when: apply, get, delete, diff, next, pause, resume.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand extends Subcommand {

    PolicyCommand(Session session) {
        super(session);
    }

    /** The command with its own commands. */
    static CommandLine tree(Session session) {
        return new CommandLine(new PolicyCommand(session))
                .addSubcommand("apply", new Apply(session))
                .addSubcommand("get", new Get(session))
                .addSubcommand("delete", new Delete(session))
                .addSubcommand("diff", new Diff(session))
                .addSubcommand("next", new Next(session))
                .addSubcommand("pause", new Pause(session))
                .addSubcommand("resume", new Resume(session));
    }

    @Override
    ExitStatus run() {
        throw CommandFailure.usage("policy needs to know what to do: apply, get, delete, diff, next, pause or resume");
    }

    /** {@code policy apply}. */
    @Command(name = "apply", description = "Put a policy in force, or a new version of it.")
    static final class Apply extends Subcommand {

        @Option(names = "-f", paramLabel = "FILE", required = true, description = "The policy as YAML; - for stdin.")
        private String file = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
        private String reason = "";

        @Option(names = "--dry-run", description = "Check it, but leave everything as it is.")
        private boolean dryRun;

        Apply(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            InputFile policy = InputFile.read(file);
            Doc applied = new Policies(session().scheduler()).apply(policy.text(), policy.name(), reason, dryRun);
            answer(
                    applied,
                    answer -> console()
                            .data("policy of %s version %s: %s"
                                    .formatted(answer.cell("stanza"), answer.cell("version"), outcome(answer))));
            return ExitStatus.GOOD;
        }

        private String outcome(Doc answer) {
            if (answer.isFalse("changed")) {
                return "unchanged";
            }
            return dryRun ? "would be applied" : "applied";
        }
    }

    /** {@code policy get}. */
    @Command(
            name = "get",
            description =
                    "Show the policy of a stanza as YAML that can be applied again, or list all policies in force.")
    static final class Get extends Subcommand {

        @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Whose policy.")
        private @Nullable String stanza;

        Get(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            Policies policies = new Policies(session().scheduler());
            if (stanza == null) {
                answer(policies.all(), this::printAll);
                return ExitStatus.GOOD;
            }
            Doc found = inForce(policies, stanza);
            if (options().output() == Format.JSON) {
                answer(found, nothing -> {});
            } else {
                console().data(Yaml.text(found.doc("policy").members()));
            }
            return ExitStatus.GOOD;
        }

        private void printAll(Doc answer) {
            List<Doc> policies = answer.docs("items");
            if (policies.isEmpty()) {
                console().say("no policy is in force yet; put one in force: holdfast policy apply -f FILE");
                return;
            }
            Instant now = session().clock().instant();
            Table table = new Table("STANZA", "VERSION", "ZONE", "BACKUPS", "TESTS", "CHANGED", "BY", "PAUSED");
            policies.forEach(policy -> table.row(
                    policy.cell("stanza"),
                    policy.cell("version"),
                    policy.cell("policy.timezone"),
                    String.valueOf(policy.docs("policy.backups").size()),
                    String.valueOf(policy.docs("policy.restoreTests").size()),
                    policy.text("changedAt").map(at -> Humanized.age(at, now)).orElse("-"),
                    policy.cell("changedBy"),
                    policy.text("pause.by").map(by -> "by " + by).orElse("-")));
            table.print(console());
        }
    }

    /** {@code policy delete}. */
    @Command(name = "delete", description = "Put the policy of a stanza out of force. Backups stay.")
    static final class Delete extends Subcommand {

        @Parameters(paramLabel = "STANZA", description = "Whose policy.")
        private String stanza = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
        private String reason = "";

        Delete(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            new Policies(session().scheduler()).delete(Words.stanza(stanza), reason);
            answer(
                    Doc.empty().with("stanza", stanza).with("state", "REMOVED"),
                    answer -> console().data("policy of %s: out of force".formatted(stanza)));
            return ExitStatus.GOOD;
        }
    }

    /** {@code policy diff}. */
    @Command(
            name = "diff",
            description = {
                "Show what applying a policy would change, line by line.",
                "The exit status is 1 if anything would change, as diff's is."
            })
    static final class Diff extends Subcommand {

        @Option(names = "-f", paramLabel = "FILE", required = true, description = "The policy as YAML; - for stdin.")
        private String file = "";

        Diff(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            InputFile policy = InputFile.read(file);
            Policies policies = new Policies(session().scheduler());
            // a dry run answers with the policy as the scheduler would keep it, defaults filled in
            Doc wanted = policies.apply(policy.text(), policy.name(), "", true);
            String stanza = wanted.cell("stanza");
            String before = policies.find(stanza).map(Diff::yamlOf).orElse("");
            List<String> changes = LineDiff.of(before, yamlOf(wanted));
            boolean same = changes.isEmpty();
            answer(Doc.empty().with("stanza", stanza).with("changed", !same).with("lines", changes), answer -> {
                changes.forEach(console()::data);
                if (same) {
                    console().say("policy of %s: nothing would change".formatted(stanza));
                }
            });
            return same ? ExitStatus.GOOD : ExitStatus.BAD;
        }

        private static String yamlOf(Doc answer) {
            return Yaml.text(answer.doc("policy").members());
        }
    }

    /** {@code policy next}. */
    @Command(
            name = "next",
            description =
                    "Preview the slots to come, time zone, daylight saving and blackouts applied; also of a policy not applied yet.")
    static final class Next extends Subcommand {

        @Parameters(arity = "0..1", paramLabel = "STANZA", description = "Whose policy in force.")
        private @Nullable String stanza;

        @Option(names = "-f", paramLabel = "FILE", description = "A policy as YAML; - for stdin.")
        private @Nullable String file;

        @Option(names = "--from", paramLabel = "TIME", description = "The instant to look on from (default: now).")
        private @Nullable String from;

        @Option(names = "--count", paramLabel = "N", description = "How many slots (default: 10).")
        private int count = 10;

        Next(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            List<Map.Entry<String, String>> query = List.of(
                    Map.entry("from", from == null ? "" : Words.instant(from).toString()),
                    Map.entry("count", String.valueOf(count)));
            answer(preview(new Policies(session().scheduler()), query), this::print);
            return ExitStatus.GOOD;
        }

        private Doc preview(Policies policies, List<Map.Entry<String, String>> query) {
            if (stanza != null && file == null) {
                return policies.next(Words.stanza(stanza), null, "policy of " + stanza, query);
            }
            if (stanza == null && file != null) {
                InputFile policy = InputFile.read(file);
                return policies.next(null, policy.text(), policy.name(), query);
            }
            throw CommandFailure.usage("name either a stanza whose policy is in force, or a policy with -f FILE");
        }

        private void print(Doc answer) {
            List<Doc> slots = answer.docs("items");
            if (slots.isEmpty()) {
                console().say("no slot is to come: the policy has no schedule with a cron expression");
                return;
            }
            Table table = new Table("SLOT", "LOCAL TIME", "FIRES", "SCHEDULE", "WHAT", "SKIPPED BY");
            slots.forEach(slot -> table.row(
                    slot.cell("slot"), local(slot), fires(slot), slot.cell("schedule"), what(slot), skippedBy(slot)));
            table.print(console());
        }

        /** Without the zone's name: all slots of a policy have the same one, and the offset tells summer from winter. */
        private static String local(Doc slot) {
            return slot.cell("local").replaceFirst("\\[.*", "");
        }

        /** Later than the slot where the policy has jitter. */
        private static String fires(Doc slot) {
            return slot.cell("fires").equals(slot.cell("slot")) ? "then" : slot.cell("fires");
        }

        private static String skippedBy(Doc slot) {
            return slot.text("blackout")
                    .map(name -> "blackout " + name)
                    .or(() -> slot.text("pause"))
                    .orElse("-");
        }

        private static String what(Doc slot) {
            return slot.text("type")
                    .filter(type -> slot.cell("kind").equals("BACKUP"))
                    .map(type -> type + " backup")
                    .orElse(slot.cell("kind").equals("RESTORE_TEST") ? "restore test" : slot.cell("kind"));
        }
    }

    /** {@code policy pause}. */
    @Command(name = "pause", description = "Request nothing by the policy of a stanza until it is resumed.")
    static final class Pause extends Subcommand {

        @Parameters(paramLabel = "STANZA", description = "Whose policy.")
        private String stanza = "";

        @Option(names = "--until", paramLabel = "TIME", description = "When the pause ends by itself.")
        private @Nullable String until;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
        private String reason = "";

        Pause(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            String end = until == null ? "" : Words.instant(until).toString();
            Doc paused = new Policies(session().scheduler()).change(Words.stanza(stanza), "pause", end, reason);
            answer(
                    paused,
                    answer -> console()
                            .data("policy of %s: paused%s".formatted(stanza, end.isEmpty() ? "" : " until " + end)));
            return ExitStatus.GOOD;
        }
    }

    /** {@code policy resume}. */
    @Command(name = "resume", description = "End the pause of the policy of a stanza.")
    static final class Resume extends Subcommand {

        @Parameters(paramLabel = "STANZA", description = "Whose policy.")
        private String stanza = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
        private String reason = "";

        Resume(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            Doc resumed = new Policies(session().scheduler()).change(Words.stanza(stanza), "resume", "", reason);
            answer(resumed, answer -> console().data("policy of %s: resumed".formatted(stanza)));
            return ExitStatus.GOOD;
        }
    }

    private static Doc inForce(Policies policies, String stanza) {
        return policies.find(Words.stanza(stanza))
                .orElseThrow(() -> CommandFailure.bad(
                        "no policy of stanza %s is in force; put one in force: holdfast policy apply -f FILE"
                                .formatted(stanza)));
    }
}
