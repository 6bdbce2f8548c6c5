package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.ContractTopics;
import dev.holdfast.cli.screen.Table;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.PlannedTopic;
import dev.holdfast.schemas.PlannedTopic.State;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code holdfast topics}: the topics on a Kafka that others look after. */
@Command(
        name = "topics",
        description = "Look at the topics on Kafka and make those that are missing: plan, apply.",
        synopsisSubcommandLabel = "COMMAND")
final class TopicsCommand extends Subcommand {

    TopicsCommand(Session session) {
        super(session);
    }

    /** The command with its own commands. */
    static CommandLine tree(Session session) {
        return new CommandLine(new TopicsCommand(session))
                .addSubcommand("plan", new Plan(session))
                .addSubcommand("apply", new Apply(session));
    }

    @Override
    ExitStatus run() {
        throw CommandFailure.usage("topics needs to know what to do: plan or apply");
    }

    private static ContractTopics topics(Session session) {
        return new ContractTopics(KafkaConnection.from(session.settings().asEnvironment()));
    }

    private static Doc document(List<PlannedTopic> topics) {
        return Doc.empty()
                .with(
                        "items",
                        topics.stream()
                                .map(TopicsCommand::document)
                                .map(Doc::members)
                                .toList());
    }

    private static Doc document(PlannedTopic topic) {
        return Doc.empty()
                .with("topic", topic.name())
                .with("state", topic.state().name())
                .with("partitions", topic.partitions())
                .with("settings", new TreeMap<>(topic.settings()))
                .with("problem", topic.problem());
    }

    private static String settings(PlannedTopic topic) {
        return topic.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    /** {@code topics plan}. */
    @Command(
            name = "plan",
            description = {
                "Show what apply would do. Changes nothing.",
                "The exit status is 1 if a topic is missing or cannot serve as it is."
            })
    static final class Plan extends Subcommand {

        Plan(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            List<PlannedTopic> plan = topics(session()).plan();
            answer(document(plan), nothing -> print(plan));
            return plan.stream().allMatch(topic -> topic.state() == State.THERE) ? ExitStatus.GOOD : ExitStatus.BAD;
        }

        private void print(List<PlannedTopic> plan) {
            Table table = new Table("TOPIC", "PARTITIONS", "SETTINGS", "APPLY WOULD");
            plan.forEach(topic ->
                    table.row(topic.name(), String.valueOf(topic.partitions()), settings(topic), deed(topic.state())));
            table.print(console());
            plan.stream()
                    .filter(topic -> topic.state() == State.WRONG)
                    .forEach(topic -> console().say(topic.problem()));
        }

        private static String deed(State state) {
            return switch (state) {
                case THERE -> "leave it";
                case MISSING -> "make it";
                case WRONG -> "refuse";
            };
        }
    }

    /** {@code topics apply}. */
    @Command(
            name = "apply",
            description = {
                "Make the topics that are missing, with as many replicas as is the brokers' default.",
                "What is there is never changed."
            })
    static final class Apply extends Subcommand {

        Apply(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            ContractTopics topics = topics(session());
            List<PlannedTopic> missing = topics.plan().stream()
                    .filter(topic -> topic.state() == State.MISSING)
                    .toList();
            topics.make();
            answer(document(missing), nothing -> {
                missing.forEach(topic -> console().data("made " + topic.name()));
                console().say("%d topics made, the others were there".formatted(missing.size()));
            });
            return ExitStatus.GOOD;
        }
    }
}
