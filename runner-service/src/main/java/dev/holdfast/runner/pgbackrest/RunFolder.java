package dev.holdfast.runner.pgbackrest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traces of one execution on this host's disk. They outlive the runner: from them a restarted one knows whether the
 * command was ever started, still runs, or how it ended.
 *
 * @param path the folder; its files are named in the {@code supervise} script
 */
record RunFolder(Path path) {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunFolder.class);

    /** How far an execution got. */
    enum State {
        /** It was written down, but the command was never started. */
        PREPARED,
        /** The supervisor lives. */
        RUNNING,
        /** The exit status is there. */
        ENDED,
        /** The supervisor is gone and has left no exit status: the machine was restarted, or somebody killed it. */
        LOST
    }

    /** How far it got. */
    State state() {
        // in this order: the exit status is the last thing that a supervisor writes
        boolean alive = isSupervisorAlive();
        if (exitStatus().isPresent()) {
            return State.ENDED;
        }
        if (alive) {
            return State.RUNNING;
        }
        return Files.exists(path.resolve("once")) ? State.LOST : State.PREPARED;
    }

    /** The command's exit status, 128 + n for signal n; empty while there is none. */
    OptionalInt exitStatus() {
        return number("exit").map(value -> OptionalInt.of(value.intValue())).orElse(OptionalInt.empty());
    }

    /** When the command was started; empty if it never was. */
    Optional<Instant> startedAt() {
        try {
            return Optional.of(Files.getLastModifiedTime(path.resolve("child")).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** True if the supervisor ended the command because nobody renewed the lease. */
    boolean isLeaseExpired() {
        return Files.exists(path.resolve("lease-expired"));
    }

    /**
     * Shows the supervisor that the runner lives. Always the same number of bytes in the same place: a disk that has filled up
     * since takes that too, and must not end a backup that lies elsewhere.
     */
    void renewLease() {
        Path file = path.resolve("lease");
        try {
            Files.writeString(
                    file, "%020d%n".formatted(System.nanoTime()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", String.valueOf(e))
                    .log("{} cannot be written: the backup ends with its lease if that lasts; check free space", file);
        }
    }

    /** Tells the supervisor to end the command's process group. */
    void requestStop() {
        write("stop", "");
    }

    /** What the command printed; at most the last {@code limit} bytes. */
    String output(int limit) {
        return tail("stdout", limit);
    }

    /** What the command, or the attempt to start it, printed to stderr; at most the last {@code limit} bytes. */
    String errors(int limit) {
        return tail("stderr", limit);
    }

    /** The file that the command prints to. */
    Path stdout() {
        return path.resolve("stdout");
    }

    /** Removes the traces of an execution, so that another one can take place here. */
    void rearm() {
        for (String name :
                List.of("exit", "child", "supervisor", "stdout", "stderr", "lease-expired", "stop", "once")) {
            delete(path.resolve(name));
        }
    }

    /** Removes the folder. */
    void remove() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(RunFolder::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the run folder " + path, e);
        }
    }

    /** Writes a file so that it is whole or absent, and on the disk. */
    void writeDurably(String name, String text) {
        write(name, text, StandardOpenOption.SYNC);
    }

    /**
     * Writes a file so that it is whole or absent for whoever outlives this process. A machine that loses its power may lose
     * it: nothing runs there any more, and waiting for the disk takes as long as everything else before a backup.
     */
    void writeWhole(String name, String text) {
        write(name, text, StandardOpenOption.WRITE);
    }

    private void write(String name, String text, StandardOpenOption further) {
        Path file = path.resolve(name);
        Path draft = path.resolve(name + ".draft");
        try {
            Files.createDirectories(path);
            Files.writeString(
                    draft,
                    text,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    further);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write %s: check free space and owner of HOLDFAST_RUNNER_STATE".formatted(file), e);
        }
    }

    /** The file's text; empty if there is none. */
    Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(path.resolve(name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isSupervisorAlive() {
        return number("supervisor")
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(this::isOurs)
                .isPresent();
    }

    /** The command itself, where it runs: for a supervisor that is gone. */
    Optional<ProcessHandle> livingChild(List<String> command) {
        List<String> arguments = command.subList(1, command.size());
        return number("child")
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> endsWith(process, arguments));
    }

    /** Process ids are used again: only a process with the same arguments is the command; its program may be a script. */
    private static boolean endsWith(ProcessHandle process, List<String> arguments) {
        List<String> actual = List.of(process.info().arguments().orElse(new String[0]));
        return actual.size() >= arguments.size()
                && actual.subList(actual.size() - arguments.size(), actual.size())
                        .equals(arguments);
    }

    /** Process ids are used again: only a process that names this folder is its supervisor. */
    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(path.toString()))
                .orElse(false);
    }

    private Optional<Long> number(String name) {
        return read(name).map(String::strip).filter(text -> !text.isEmpty()).map(Long::parseLong);
    }

    private String tail(String name, int limit) {
        try (var channel = Files.newByteChannel(path.resolve(name))) {
            channel.position(Math.max(0, channel.size() - limit));
            return new String(
                    java.nio.channels.Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private void write(String name, String text) {
        try {
            Files.writeString(path.resolve(name), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s in %s".formatted(name, path), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
