package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.follow.BackupFollow;
import dev.holdfast.cli.follow.Goal;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.EventLog;
import dev.holdfast.cli.kafka.Tail;
import dev.holdfast.cli.screen.Format;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast backup}: asks for a backup, and with {@code --wait} stays until it is there, or proven. */
@Command(
        name = "backup",
        description = {
            "Ask for a backup of a stanza.",
            "Publishes the request and prints its id. With --wait it follows the request to the end, and the exit status tells how it ended."
        })
final class BackupCommand extends Subcommand {

    private static final List<Topic> FOLLOWED = List.of(
            Topic.BACKUP_EVENTS,
            Topic.BACKUP_PROGRESS,
            Topic.RESTORE_TEST_EVENTS,
            Topic.RESTORE_TEST_PROGRESS,
            Topic.POLICY_EVENTS);

    /** The kinds of backup that can be asked for. */
    enum Kind {
        FULL,
        DIFF,
        INCR
    }

    @Parameters(paramLabel = "STANZA", description = "The stanza to back up.")
    private String stanza = "";

    @Option(names = "--type", paramLabel = "full|diff|incr", description = "Which kind of backup (default: full).")
    private Kind type = Kind.FULL;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
    private String reason = "";

    @Option(
            names = "--repository",
            paramLabel = "N",
            description = "Repository number, as in pgBackRest's repoN options.")
    private @Nullable Integer repository;

    @Option(names = "--pool", paramLabel = "NAME", description = "The runner pool that shall do it (default: any).")
    private @Nullable String pool;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "A fact to keep with the backup, such as ticket=4711; may be repeated.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--not-after",
            paramLabel = "TIME",
            description = "Reject the request if it has not started by then.")
    private @Nullable String notAfter;

    @Option(names = "--proof", description = "Ask for a restore test of the finished backup.")
    private boolean proof;

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "completed|proven",
            fallbackValue = "completed",
            preprocessor = WaitWord.class,
            description = "Follow the request until the backup is completed, or proven by a restore.")
    private @Nullable Goal goal;

    @Option(
            names = "--timeout",
            paramLabel = "LENGTH",
            description =
                    "How long to wait, such as 90s or 2h (default: 24h). Then the exit status is 4; the request goes on.")
    private @Nullable String timeout;

    BackupCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        BackupRequested request = request(session().clock().instant());
        Optional<Duration> limit = Optional.ofNullable(timeout).map(Words::duration);
        EventLog log = session().eventLog();
        if (goal == null) {
            log.open(List.of(Topic.BACKUP_REQUESTS)).close();
            log.publish(request);
            return requested(request);
        }
        try (Tail tail = log.fromNow(FOLLOWED)) {
            log.publish(request);
            return followed(request, tail, goal, limit);
        }
    }

    private BackupRequested request(Instant now) {
        if (repository != null && (repository < 1 || repository > 256)) {
            throw CommandFailure.usage(
                    "--repository is %d; pgBackRest numbers repositories from 1 to 256".formatted(repository));
        }
        boolean prove = proof || goal == Goal.PROVEN;
        return BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(Words.stanza(stanza))
                .setRequestId(UUID.randomUUID())
                .setProducer(Requests.producer())
                .setType(BackupType.valueOf(type.name()))
                .setRepository(repository)
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(Requests.requester(session()))
                .setReason(reason)
                .setNotAfter(notAfter == null ? null : Words.instant(notAfter))
                .setPool(pool)
                .setProof(prove ? ProofWish.AFTER_COMPLETION : ProofWish.NONE)
                .setLabels(Words.labels(labels))
                .build();
    }

    private ExitStatus requested(BackupRequested request) {
        answer(RequestAnswer.of(request, new BackupFollow(request.getRequestId(), Goal.COMPLETED)), answer -> {
            console().data(request.getRequestId().toString());
            console().say("requested; follow it with: holdfast trace " + request.getRequestId());
        });
        return ExitStatus.GOOD;
    }

    private ExitStatus followed(BackupRequested request, Tail tail, Goal wanted, Optional<Duration> limit) {
        if (options().output() == Format.TABLE) {
            console().data(request.getRequestId().toString());
        }
        BackupFollow follow = new BackupFollow(request.getRequestId(), wanted);
        Waiting.End end = new Waiting(session().clock(), console(), limit)
                .until(tail, follow::accept, follow::isOver, follow::isOfUnknownStanza);
        Doc answer = RequestAnswer.of(request, follow);
        answer(answer, told -> console().data(told.cell("label") + " " + told.cell("state")));
        return switch (end) {
            case OVER -> follow.isGood() ? ExitStatus.GOOD : ExitStatus.BAD;
            case UNKNOWN_STANZA -> {
                console()
                        .say(
                                "no runner has announced the stanza '%s': is the name right, and is a runner started for it? The request stays in the log."
                                        .formatted(request.getStanza()));
                yield ExitStatus.BAD;
            }
            case TIMED_OUT -> {
                console()
                        .say("the time is up; the request is %s and goes on: holdfast trace %s"
                                .formatted(follow.state(), request.getRequestId()));
                yield ExitStatus.TIMED_OUT;
            }
        };
    }
}
