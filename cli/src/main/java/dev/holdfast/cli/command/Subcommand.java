package dev.holdfast.cli.command;

import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Answer;
import dev.holdfast.cli.screen.Console;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** What all commands share: the session, the options of every command, the answer. */
abstract class Subcommand implements Callable<Integer> {

    private final Session session;

    Subcommand(Session session) {
        this.session = session;
    }

    /** Does it. */
    abstract ExitStatus run();

    @Override
    public final Integer call() {
        return run().code();
    }

    final Session session() {
        return session;
    }

    final Console console() {
        return session.console();
    }

    final GlobalOptions options() {
        return session.options();
    }

    final void answer(Doc answer, Consumer<Doc> forPeople) {
        Answer.write(console(), options().output(), answer, forPeople);
    }
}
