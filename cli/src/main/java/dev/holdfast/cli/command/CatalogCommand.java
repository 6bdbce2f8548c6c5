package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.http.Catalog;
import dev.holdfast.cli.json.Doc;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast catalog}: the catalog itself. */
@Command(name = "catalog", description = "Look after the catalog itself: rebuild.", synopsisSubcommandLabel = "COMMAND")
final class CatalogCommand extends Subcommand {

    CatalogCommand(Session session) {
        super(session);
    }

    /** The command with its own command. */
    static CommandLine tree(Session session) {
        return new CommandLine(new CatalogCommand(session)).addSubcommand("rebuild", new Rebuild(session));
    }

    @Override
    ExitStatus run() {
        throw CommandFailure.usage("catalog needs to know what to do: rebuild");
    }

    /** {@code catalog rebuild}. */
    @Command(
            name = "rebuild",
            description = {
                "Build the catalog anew from the log. It goes on answering from what it had until the new one is there.",
                "With --wait the exit status is 0 once the new one answers."
            })
    static final class Rebuild extends Subcommand {

        private static final Duration PAUSE = Duration.ofMillis(500);
        private static final Duration DEFAULT_LIMIT = Duration.ofHours(1);

        @Option(names = "--wait", description = "Wait until the rebuilt catalog answers.")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "LENGTH",
                description =
                        "How long to wait, such as 90s or 2h (default: 1h). Then the exit status is 4; the rebuild goes on.")
        private @Nullable String timeout;

        Rebuild(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            Duration limit = timeout == null ? DEFAULT_LIMIT : Words.duration(timeout);
            Catalog catalog = new Catalog(session().catalog());
            catalog.rebuild();
            Instant deadline = session().clock().instant().plus(limit);
            boolean rebuilt = wait && isRebuiltBefore(deadline, catalog);
            answer(
                    Doc.empty().with("rebuild", rebuilt ? "done" : "wanted"),
                    answer -> console().data(rebuilt ? "the rebuilt catalog answers" : "rebuild requested"));
            if (wait && !rebuilt) {
                console().say("the time is up; the rebuild goes on, and the former catalog answers meanwhile");
                return ExitStatus.TIMED_OUT;
            }
            return ExitStatus.GOOD;
        }

        private boolean isRebuiltBefore(Instant deadline, Catalog catalog) {
            while (catalog.isRebuildWanted()) {
                if (session().clock().instant().isAfter(deadline)) {
                    return false;
                }
                pause();
            }
            return true;
        }

        private static void pause() {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.bad("interrupted; the rebuild goes on");
            }
        }
    }
}
