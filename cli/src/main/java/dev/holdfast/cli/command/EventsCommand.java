package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import dev.holdfast.cli.kafka.EventFields;
import dev.holdfast.cli.kafka.LoggedEvent;
import dev.holdfast.cli.kafka.Tail;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast events}: the audit log, straight from Kafka, one line of JSON an event. */
@Command(
        name = "events",
        description = {
            "Print the audit log, straight from Kafka: one line of JSON an event, whatever -o says.",
            "Without --follow it ends at the log's present end and begins, if --from does not say otherwise, at its beginning. With --follow it begins now."
        })
final class EventsCommand extends Subcommand {

    private static final Duration POLL = Duration.ofMillis(300);
    private static final String BEGINNING = "beginning";

    @Option(names = "--follow", description = "Go on with what is published from now on, until it is stopped.")
    private boolean follow;

    @Option(names = "--stanza", paramLabel = "STANZA", description = "Only events of this stanza.")
    private @Nullable String stanza;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type, such as BackupCompleted.")
    private @Nullable String type;

    @Option(names = "--from", paramLabel = "beginning|TIME", description = "Where to begin.")
    private @Nullable String from;

    EventsCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        if (stanza != null) {
            Words.stanza(stanza);
        }
        Optional<EventType> wanted = Optional.ofNullable(type).map(EventsCommand::typeNamed);
        Optional<Instant> start = Optional.ofNullable(from)
                .filter(word -> !word.equals(BEGINNING))
                .map(word -> Words.since(word, session().clock().instant()));
        List<Topic> topics = wanted.map(EventType::topic).map(List::of).orElse(List.of(Topic.values()));
        try (Tail tail = session().eventLog().open(topics)) {
            place(tail, start);
            Map<TopicPartition, Long> end = tail.end();
            while (follow || !tail.hasPassed(end)) {
                for (LoggedEvent logged : tail.poll(POLL)) {
                    boolean inTime = follow || logged.offset() < end.getOrDefault(logged.place(), 0L);
                    if (inTime) {
                        print(logged, wanted);
                    }
                }
                // whoever reads us may have seen enough (| head)
                if (console().out().checkError()) {
                    return ExitStatus.GOOD;
                }
            }
        }
        return ExitStatus.GOOD;
    }

    private void place(Tail tail, Optional<Instant> start) {
        if (start.isPresent()) {
            tail.to(start.get());
        } else if (from == null && follow) {
            tail.toEnd();
        } else {
            tail.toBeginning();
        }
    }

    private void print(LoggedEvent logged, Optional<EventType> wanted) {
        switch (logged.content()) {
            case EventDecoder.Event known -> print(logged, (GenericRecord) known.event(), wanted);
            case EventDecoder.UnknownType unknown -> print(logged, unknown.event(), wanted);
            case EventDecoder.Unreadable unreadable ->
                console()
                        .say("unreadable record at %s-%d offset %d: %s"
                                .formatted(logged.topic(), logged.partition(), logged.offset(), unreadable.reason()));
        }
    }

    private void print(LoggedEvent logged, GenericRecord event, Optional<EventType> wanted) {
        Doc fields = EventFields.of(event);
        String name = event.getSchema().getName();
        boolean ofType = wanted.map(EventType::shortName).map(name::equals).orElse(true);
        boolean ofStanza =
                stanza == null || fields.text("stanza").filter(stanza::equals).isPresent();
        if (ofType && ofStanza) {
            console().out().println(Json.line(line(logged, name, fields).members()));
        }
    }

    private static Doc line(LoggedEvent logged, String name, Doc fields) {
        Doc line = Doc.empty()
                .with("type", name)
                .with("at", fields.at("occurredAt").orElse(null));
        for (String envelope : List.of("stanza", "requestId", "eventId", "producer")) {
            line.with(envelope, fields.at(envelope).orElse(null));
        }
        return line.with("topic", logged.topic())
                .with("partition", logged.partition())
                .with("offset", logged.offset())
                .with("recordedAt", logged.recordedAt().toString())
                .with("event", fields);
    }

    private static EventType typeNamed(String name) {
        return Arrays.stream(EventType.values())
                .filter(type -> type.shortName().equalsIgnoreCase(name)
                        || type.cloudEventType().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("'%s' is no type of event; expected one of %s"
                        .formatted(
                                name,
                                Arrays.stream(EventType.values())
                                        .map(EventType::shortName)
                                        .sorted()
                                        .collect(Collectors.joining(", ")))));
    }
}
