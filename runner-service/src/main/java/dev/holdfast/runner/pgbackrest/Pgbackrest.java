package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.repository.StanzaInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pgBackRest executable, for its short commands, each an argument list and never a shell.
 *
 * @param executable its name or path
 * @param config its configuration file
 * @param limit how long one command may take: a storage that hangs must not hang the runner
 * @param settings pgBackRest's setting of a stanza by its key
 */
record Pgbackrest(
        String executable, Path config, Duration limit, BiFunction<String, String, Optional<String>> settings) {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final String[] LOGGED = {"--log-level-console=info", "--log-level-stderr=off"};
    private static final Pattern VERSION = Pattern.compile("pgBackRest (\\S+)");

    /** Commands that may take five minutes, with a configuration that nobody has read yet. */
    Pgbackrest(String executable, Path config) {
        this(executable, config, LIMIT);
    }

    /** Commands with a configuration that nobody has read yet. */
    Pgbackrest(String executable, Path config, Duration limit) {
        this(executable, config, limit, (stanza, key) -> Optional.empty());
    }

    /** The same, once the configuration can be asked. */
    Pgbackrest knowing(BiFunction<String, String, Optional<String>> configured) {
        return new Pgbackrest(executable, config, limit, configured);
    }

    /** What a command printed, and its exit status. */
    private static final class Answer {
        private final int exit;
        private final byte[] output;
        private final String errors;

        private Answer(int exit, byte[] output, String errors) {
            this.exit = exit;
            this.output = output;
            this.errors = errors;
        }

        private String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /**
     * How a command ended.
     *
     * @param exit its exit status
     * @param output all that it printed, both streams
     */
    record Ended(int exit, String output) {}

    /** The executable's version, such as 2.45; empty if it cannot be run. */
    Optional<String> version() throws InterruptedException {
        try {
            Matcher matcher =
                    VERSION.matcher(answer(List.of(executable, "version")).text());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (ToolTrouble e) {
            return Optional.empty();
        }
    }

    /**
     * What the repositories hold of the stanza; empty if pgBackRest does not list it at all.
     *
     * @throws ToolTrouble if it cannot be run or refuses its configuration
     * @throws InterruptedException if the runner stops meanwhile: then nothing is known
     */
    Optional<StanzaInfo> info(String stanza) throws InterruptedException {
        return InfoReader.read(outputOf(look(stanza, OptionalInt.empty(), "info", "--output=json")), stanza);
    }

    /** One set in full, with the list of damaged files; empty if it is not there. Throws as {@link #info(String)}. */
    Optional<StanzaInfo> info(String stanza, String label, OptionalInt repository) throws InterruptedException {
        List<String> command = look(stanza, repository, "info", "--output=json", "--set=" + label);
        return InfoReader.read(outputOf(command), stanza);
    }

    /**
     * The listing of a folder of the stanza in one repository, as JSON. The stanza is named because a TLS server that
     * serves some stanzas only refuses whoever names none. Throws as {@link #info(String)}.
     */
    byte[] listing(String stanza, String path, int repository, boolean recurse) throws InterruptedException {
        List<String> command =
                look(stanza, OptionalInt.of(repository), "repo-ls", "--log-level-stderr=off", "--output=json");
        if (recurse) {
            command.add("--recurse");
        }
        command.add(path);
        return outputOf(command);
    }

    /** The text of a file of the stanza in a repository. Throws as {@link #info(String)}. */
    String repositoryFile(String stanza, String path, int repository) throws InterruptedException {
        List<String> command = look(stanza, OptionalInt.of(repository), "repo-get");
        command.add(path);
        return new String(outputOf(command), StandardCharsets.UTF_8);
    }

    /** Names the configuration. Whoever names a file must name the folder beside it too, or pgBackRest does not read it. */
    List<String> configuration() {
        List<String> options = new ArrayList<>(List.of("--config=" + config));
        ConfigFile.included(config).ifPresent(folder -> options.add("--config-include-path=" + folder));
        return options;
    }

    /**
     * Runs a command of a stanza to its end, whatever that is.
     *
     * @param beat called every second while it runs
     * @throws ToolTrouble if it cannot be run or does not end in time
     * @throws InterruptedException if the runner stops meanwhile
     */
    Ended ended(String stanza, String name, Runnable beat) throws InterruptedException {
        return ended(loggedCommand(stanza, name), beat);
    }

    /** Runs a stanza's {@code check} to its end, whatever that is. Calls and throws as {@link #ended(String, String, Runnable)}. */
    Ended check(String stanza, Runnable beat) throws InterruptedException {
        return ended(look(stanza, OptionalInt.empty(), "check", LOGGED), beat);
    }

    /** Runs a whole argument list to its end. Calls and throws as {@link #ended(String, String, Runnable)}. */
    Ended ended(List<String> command, Runnable beat) throws InterruptedException {
        Answer answer = answer(command, beat);
        return new Ended(answer.exit, answer.text() + answer.errors);
    }

    /** The argument list of a command whose log lines are read. */
    List<String> loggedCommand(String stanza, String name) {
        return command(stanza, OptionalInt.empty(), name, LOGGED);
    }

    /** The argument list of a command that only looks. It waits for a storage's answer as long as {@link LookPatience} says. */
    private List<String> look(String stanza, OptionalInt repository, String name, String... options) {
        List<String> command = command(stanza, repository, name, options);
        LookPatience.option(settings.apply(stanza, LookPatience.KEY))
                .ifPresent(option -> command.add(command.size() - 1, option));
        return command;
    }

    private List<String> command(String stanza, OptionalInt repository, String name, String... options) {
        List<String> command = new ArrayList<>(List.of(executable));
        command.addAll(configuration());
        command.add("--stanza=" + stanza);
        repository.ifPresent(number -> command.add("--repo=" + number));
        command.addAll(List.of(options));
        command.add(name);
        return command;
    }

    private byte[] outputOf(List<String> command) throws InterruptedException {
        Answer answer = answer(command);
        if (answer.exit != 0) {
            throw new ToolTrouble("'%s' ended with %d: %s"
                    .formatted(command.getLast(), answer.exit, (answer.errors + answer.text()).strip()));
        }
        return answer.output;
    }

    private Answer answer(List<String> command) throws InterruptedException {
        return answer(command, () -> {});
    }

    private Answer answer(List<String> command, Runnable beat) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        ToolEnvironment.apply(builder.environment());
        try {
            Process process = builder.start();
            CompletableFuture<byte[]> output = allOf(process.getInputStream());
            CompletableFuture<byte[]> errors = allOf(process.getErrorStream());
            if (!hasEnded(process, beat)) {
                throw new ToolTrouble(
                        "'%s' did not end within %s and was stopped; see whether the repository's storage answers"
                                .formatted(command.getLast(), limit));
            }
            return new Answer(process.exitValue(), output.join(), new String(errors.join(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ToolTrouble(
                    "cannot run '%s': %s; set HOLDFAST_PGBACKREST to the pgBackRest executable"
                            .formatted(command.getFirst(), e.getMessage()),
                    e);
        }
    }

    /** Waits for the end; what has not ended within the limit, or when the runner stops, is killed. */
    private boolean hasEnded(Process process, Runnable beat) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        boolean ended = false;
        try {
            while (!ended && System.nanoTime() < end) {
                ended = process.waitFor(BEAT.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    beat.run();
                }
            }
            return ended;
        } finally {
            // not what has ended: that would close its streams before they are read
            if (!ended) {
                process.destroyForcibly();
            }
        }
    }

    private static CompletableFuture<byte[]> allOf(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> bytesOf(stream), Thread::startVirtualThread);
    }

    private static byte[] bytesOf(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new ToolTrouble("what pgBackRest printed could not be read: " + e.getMessage(), e);
        }
    }
}
