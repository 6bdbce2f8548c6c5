package dev.holdfast.cli;

import dev.holdfast.cli.command.CommandTree;
import dev.holdfast.cli.command.GlobalOptions;
import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.screen.Console;
import dev.holdfast.cli.screen.Look;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Types command lines and keeps what they answer, in this JVM. */
public final class Terminal {

    private final Map<String, String> environment = new HashMap<>();
    private final Path home;
    private Look look = Look.PLAIN;
    private InstantSource clock = InstantSource.system();

    /** A terminal of a user with this home folder, whose environment names nothing. */
    public Terminal(Path home) {
        this.home = home;
    }

    /**
     * What a command left.
     *
     * @param status its exit status
     * @param out what it wrote as data
     * @param err what it said
     */
    public record Ended(int status, String out, String err) {}

    /** Sets an environment variable. */
    public Terminal env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Stops the clock at this instant. */
    public Terminal at(String instant) {
        clock = InstantSource.fixed(Instant.parse(instant));
        return this;
    }

    /** Shows data as on such a screen. */
    public Terminal look(Look shown) {
        look = shown;
        return this;
    }

    /** Types a command line and waits until it has ended. */
    public Ended type(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false, look);
        Session session = new Session(console, Map.copyOf(environment), home, "alice", clock, new GlobalOptions());
        int status = CommandTree.run(new HoldfastCommand(), session, List.of(arguments));
        return new Ended(status, out.toString(), err.toString());
    }

    /** Types a command line and goes on. */
    public CompletableFuture<Ended> begin(String... arguments) {
        return CompletableFuture.supplyAsync(
                () -> type(arguments), command -> Thread.ofPlatform().daemon().start(command));
    }
}
