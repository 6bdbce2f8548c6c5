package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Humanized;
import dev.holdfast.cli.screen.Table;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast trace}: the story of one request, from asking to proof to expiry. */
@Command(
        name = "trace",
        description =
                "Tell the story of a request, or of the request that made a backup: from asking to proof to expiry.")
final class TraceCommand extends Subcommand {

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What tells an event of a story apart from others of its type, in the order in which it is told. */
    private static final List<String> TELLING = List.of(
            "label",
            "backupLabel",
            "effectiveType",
            "type",
            "status",
            "verdict",
            "rung",
            "runner",
            "validator",
            "sandbox",
            "rejection",
            "unserved",
            "category",
            "outcome",
            "schedule",
            "slot",
            "rule",
            "message",
            "detail",
            "reason",
            "hint");

    @Parameters(
            arity = "1..2",
            paramLabel = "REQUEST_ID|[STANZA] LABEL",
            description = "The request's id, or a backup's label, if need be after its stanza.")
    private List<String> words = List.of();

    TraceCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        Catalog catalog = new Catalog(session().catalog());
        String requestId = UUID.matcher(words.getFirst()).matches() ? words.getFirst() : requestOf(catalog);
        Doc request = catalog.find("/requests/" + requestId)
                .orElseThrow(() -> CommandFailure.bad(
                        "the catalog has no request %s; one that was published just now appears there within a second or so"
                                .formatted(requestId)));
        answer(request, this::print);
        return ExitStatus.GOOD;
    }

    private String requestOf(Catalog catalog) {
        if (words.size() == 1 && !Words.isLabel(words.getFirst())) {
            throw CommandFailure.usage(
                    "'%s' is neither a request's id, as holdfast backup prints it, nor a backup's label, as holdfast list shows them"
                            .formatted(words.getFirst()));
        }
        Doc backup = BackupFinder.find(catalog, words);
        return backup.text("requestId")
                .orElseThrow(() -> CommandFailure.bad(
                        "nobody asked Holdfast for backup %s of %s: it was found in the repository (%s)"
                                .formatted(backup.cell("label"), backup.cell("stanza"), backup.cell("origin"))));
    }

    private void print(Doc request) {
        console()
                .data("%s  %s  %s  %s"
                        .formatted(
                                request.cell("requestId"),
                                request.cell("stanza"),
                                request.cell("kind"),
                                request.cell("state")));
        List<Doc> story = request.docs("story");
        boolean oneDay = story.stream().map(TraceCommand::day).distinct().count() == 1;
        if (oneDay) {
            console().data("on " + day(story.getFirst()) + ", UTC");
        }
        Table table = new Table("AT", "EVENT", "BY", "WHAT");
        story.forEach(event -> table.row(at(event, oneDay), event.cell("type"), producer(event), what(event)));
        table.print(console());
        Freshness.mention(console(), request);
    }

    private static String day(Doc event) {
        return event.text("at").map(Humanized::instant).orElse("-").split("T", 2)[0];
    }

    /** The whole instant, or only the time where the day was said. */
    private static String at(Doc event, boolean oneDay) {
        String instant = event.text("at").map(Humanized::instant).orElse("-");
        return oneDay && instant.contains("T") ? instant.split("T", 2)[1].replace("Z", "") : instant;
    }

    private static String producer(Doc event) {
        return event.text("producer.service").orElse(event.cell("producer"));
    }

    private static String what(Doc event) {
        Doc fields = event.doc("event");
        return TELLING.stream()
                .filter(name ->
                        fields.text(name).filter(text -> !text.isEmpty()).isPresent())
                .map(name -> name + " " + fields.cell(name))
                .collect(Collectors.joining(", "));
    }
}
