package dev.holdfast.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * pgBackRest as a runner calls it: a script before the real one that can hold a backup before it begins or after it has
 * ended, so that a runner can be killed at a chosen point, and that notes each call of a backup.
 */
final class PgbackrestGate {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Path folder;

    private PgbackrestGate(Path folder) {
        this.folder = folder;
    }

    /**
     * Puts it there.
     *
     * @param folder where its script and its notes lie
     * @param executable the real one
     */
    static PgbackrestGate before(Path folder, String executable) {
        PgbackrestGate gate = new PgbackrestGate(folder);
        gate.write(executable);
        return gate;
    }

    /** What a runner is told to call. */
    Path executable() {
        return folder.resolve("pgbackrest-gate");
    }

    /** Lets no backup begin until {@link #letBegin}. */
    void holdBefore() {
        remove("held-before");
        touch("hold-before");
    }

    /** Lets held backups begin. */
    void letBegin() {
        remove("hold-before");
    }

    /** Lets no backup command return until {@link #letEnd}, although the backup is made. */
    void holdAfter() {
        remove("held-after");
        touch("hold-after");
    }

    /** Lets held backup commands return. */
    void letEnd() {
        remove("hold-after");
    }

    /** Waits until a backup is held before its beginning. */
    void awaitHeldBefore() {
        awaitFile("held-before");
    }

    /** Waits until a backup command is held after its end. */
    void awaitHeldAfter() {
        awaitFile("held-after");
    }

    /** Lets pgBackRest's JSON have fields that nobody knows yet, until the gate is mended. */
    void addUnknownFields() {
        touch("unknown-fields");
    }

    /** How often pgBackRest was called to make a backup. */
    int calls() {
        return pids().size();
    }

    /** Waits until pgBackRest was called to make a backup. */
    void awaitCall() {
        Awaitility.await("a backup call").atMost(PATIENCE).until(() -> calls() > 0);
    }

    /** Process ids of the backup calls that live. */
    List<Long> livingCalls() {
        return pids().stream()
                .filter(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
                .toList();
    }

    /** Lets go of whatever is held. */
    void open() {
        letBegin();
        letEnd();
    }

    /** The same, and forgets all calls. */
    void mend() {
        open();
        List.of("calls", "held-before", "held-after", "unknown-fields").forEach(this::remove);
    }

    private List<Long> pids() {
        Path calls = folder.resolve("calls");
        try {
            return Files.exists(calls)
                    ? Files.readAllLines(calls).stream().map(Long::parseLong).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String executable) {
        String script = """
                #!/bin/sh
                folder=%1$s
                case "$*" in
                  *" backup")
                    echo "$$" >>"$folder/calls"
                    while [ -e "$folder/hold-before" ]; do : >"$folder/held-before"; sleep 0.1; done
                    %2$s "$@"
                    status=$?
                    while [ -e "$folder/hold-after" ]; do : >"$folder/held-after"; sleep 0.1; done
                    exit $status
                    ;;
                  *" info")
                    [ -e "$folder/unknown-fields" ] || exec %2$s "$@"
                    %2$s "$@" | sed 's/"backup":\\[/"future":{"of":[1,{"x":null}]},&/g; s/"label":/"flavour":["new",2.5],&/g'
                    ;;
                  *) exec %2$s "$@" ;;
                esac
                """.formatted(folder, executable);
        try {
            Files.writeString(executable(), script);
            Files.setPosixFilePermissions(executable(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFile(String name) {
        Awaitility.await(name).atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
    }

    private void touch(String name) {
        try {
            Files.writeString(folder.resolve(name), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
