package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.EventLog;
import dev.holdfast.events.CancelRequested;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.Topic;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast cancel}: asks for the end of a request, running or not. */
@Command(name = "cancel", description = "Call off a request for a backup or a restore test, running or not.")
final class CancelCommand extends Subcommand {

    @Parameters(paramLabel = "REQUEST_ID", description = "The request's id.")
    private @Nullable UUID requestId;

    @Option(
            names = "--stanza",
            paramLabel = "STANZA",
            description = "The request's stanza; without it the catalog is asked.")
    private @Nullable String stanza;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
    private String reason = "";

    CancelCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        if (requestId == null) {
            throw CommandFailure.usage("which request? Its id is missing");
        }
        UUID request = requestId;
        String itsStanza = stanza == null ? stanzaOf(request) : Words.stanza(stanza);
        Instant now = session().clock().instant();
        CancelRequested cancel = CancelRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(itsStanza)
                .setRequestId(request)
                .setProducer(Requests.producer())
                .setRequestedBy(Requests.requester(session()))
                .setReason(reason)
                .build();
        EventLog log = session().eventLog();
        log.open(List.of(Topic.CONTROLS)).close();
        log.publish(cancel);
        answer(Doc.empty().with("requestId", request.toString()).with("stanza", itsStanza), answer -> {
            console().data(request.toString());
            console().say("cancellation requested; whether it came in time: holdfast trace " + request);
        });
        return ExitStatus.GOOD;
    }

    private String stanzaOf(UUID request) {
        return new Catalog(session().catalog())
                .find("/requests/" + request)
                .flatMap(found -> found.text("stanza"))
                .orElseThrow(() -> CommandFailure.bad(
                        "the catalog has no request %s; name its stanza with --stanza to cancel it all the same"
                                .formatted(request)));
    }
}
