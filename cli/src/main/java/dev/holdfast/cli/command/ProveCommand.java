package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.follow.ProofFollow;
import dev.holdfast.cli.follow.RequestState;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.kafka.EventLog;
import dev.holdfast.cli.kafka.Tail;
import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast prove}: asks for a restore test, and with {@code --wait} stays for the verdict. */
@Command(
        name = "prove",
        description = {
            "Ask for a restore test: a backup is restored into a throwaway sandbox and checked.",
            "Without a target, recovery goes to the end of the backup. With --wait the exit status is 0 only if the verdict is PASSED."
        })
final class ProveCommand extends Subcommand {

    private static final List<Topic> FOLLOWED =
            List.of(Topic.RESTORE_TEST_EVENTS, Topic.RESTORE_TEST_PROGRESS, Topic.POLICY_EVENTS);
    private static final int LONGEST_NAME = 63;

    /** Which backup is taken where no label is given. */
    enum Selection {
        NEWEST,
        OLDEST,
        RANDOM,
        LEAST_PROVEN
    }

    /** What to recover to: at most one of them. */
    static final class Target {

        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "Recover to this instant, such as 2026-11-22T02:00:00Z.")
        private @Nullable String at;

        @Option(names = "--latest", description = "Recover to the end of the archived WAL.")
        private boolean latest;

        @Option(names = "--lsn", paramLabel = "LSN", description = "Recover to this LSN, such as 0/3000028.")
        private @Nullable String lsn;

        @Option(names = "--name", paramLabel = "POINT", description = "Recover to this named restore point.")
        private @Nullable String name;

        @Option(names = "--random", description = "Recover to a random instant of the recoverable window.")
        @SuppressWarnings("unused") // the one that is left when the others are not given
        private boolean random;
    }

    @Parameters(paramLabel = "STANZA", description = "The stanza to prove.")
    private String stanza = "";

    @Option(names = "--label", paramLabel = "LABEL", description = "The backup to restore (default: see --select).")
    private @Nullable String label;

    @Option(
            names = "--select",
            paramLabel = "newest|oldest|random|least_proven",
            description = "Which backup to take without --label (default: newest).")
    private Selection select = Selection.NEWEST;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable Target target;

    @Option(
            names = "--repository",
            paramLabel = "N",
            description = "Repository number, as in pgBackRest's repoN options.")
    private @Nullable Integer repository;

    @Option(names = "--pool", paramLabel = "NAME", description = "The validator pool that shall do it (default: any).")
    private @Nullable String pool;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in your words; kept in the log for ever.")
    private String reason = "";

    @Option(names = "--wait", description = "Follow the test until there is a verdict.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "LENGTH",
            description =
                    "How long to wait, such as 90s or 2h (default: 24h). Then the exit status is 4; the test goes on.")
    private @Nullable String timeout;

    ProveCommand(Session session) {
        super(session);
    }

    @Override
    ExitStatus run() {
        RestoreTestRequested request = request(session().clock().instant());
        Optional<Duration> limit = Optional.ofNullable(timeout).map(Words::duration);
        EventLog log = session().eventLog();
        if (!wait) {
            log.open(List.of(Topic.RESTORE_TEST_REQUESTS)).close();
            log.publish(request);
            return requested(request);
        }
        try (Tail tail = log.fromNow(FOLLOWED)) {
            log.publish(request);
            return followed(request, tail, limit);
        }
    }

    private RestoreTestRequested request(Instant now) {
        return RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(Words.stanza(stanza))
                .setRequestId(UUID.randomUUID())
                .setProducer(Requests.producer())
                .setTestId(UUID.randomUUID())
                .setPool(pool)
                .setRepository(repository)
                .setBackupLabel(label == null ? null : Words.label(label))
                .setSelection(BackupSelection.valueOf(select.name()))
                .setTarget(target == null ? target(TargetKind.BACKUP_END, null) : targetOf(target))
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(Requests.requester(session()))
                .setReason(reason)
                .build();
    }

    private static RestoreTarget targetOf(Target wanted) {
        if (wanted.at != null) {
            return target(TargetKind.TIME, Words.instant(wanted.at).toString());
        }
        if (wanted.lsn != null) {
            return target(TargetKind.LSN, Words.lsn(wanted.lsn));
        }
        if (wanted.name != null) {
            return target(TargetKind.NAME, restorePoint(wanted.name));
        }
        return target(wanted.latest ? TargetKind.LATEST : TargetKind.RANDOM_IN_WINDOW, null);
    }

    private static String restorePoint(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw CommandFailure.usage(
                    "'%s' is not a restore point's name: 1 to %d printable characters".formatted(name, LONGEST_NAME));
        }
        return name;
    }

    private static RestoreTarget target(TargetKind kind, @Nullable String value) {
        return RestoreTarget.newBuilder().setKind(kind).setValue(value).build();
    }

    private ExitStatus requested(RestoreTestRequested request) {
        answer(TestAnswer.pending(request, RequestState.REQUESTED), answer -> {
            console().data(request.getTestId().toString());
            console().say("requested; follow it with: holdfast trace " + request.getRequestId());
        });
        return ExitStatus.GOOD;
    }

    private ExitStatus followed(RestoreTestRequested request, Tail tail, Optional<Duration> limit) {
        ProofFollow follow = new ProofFollow(request.getRequestId(), request.getTestId());
        console().say("restore test %s requested".formatted(request.getTestId()));
        Waiting.End end = new Waiting(session().clock(), console(), limit)
                .until(tail, follow::accept, follow::isOver, follow::isOfUnknownStanza);
        Doc answer = follow.result()
                .map(result -> TestAnswer.of(result, follow.state()))
                .orElseGet(() -> TestAnswer.pending(request, follow.state()));
        answer(answer, told -> TestScreen.print(console(), told));
        return switch (end) {
            case OVER -> follow.state().isGood() ? ExitStatus.GOOD : ExitStatus.BAD;
            case UNKNOWN_STANZA -> {
                console()
                        .say(
                                "no validator has announced the stanza '%s': is the name right, and is a validator started for it? The request stays in the log."
                                        .formatted(request.getStanza()));
                yield ExitStatus.BAD;
            }
            case TIMED_OUT -> {
                console()
                        .say("the time is up; the test is %s and goes on: holdfast trace %s"
                                .formatted(follow.state(), request.getRequestId()));
                yield ExitStatus.TIMED_OUT;
            }
        };
    }
}
