package dev.holdfast.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A lock file that a process holds, until it is closed. */
final class HeldLock implements AutoCloseable {

    private final Process holder;

    private HeldLock(Process holder) {
        this.holder = holder;
    }

    /** Takes the lock; pgBackRest's own user may open the file. */
    static HeldLock on(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            Process holder = new ProcessBuilder("flock", "--no-fork", file.toString(), "sleep", "1000").start();
            HeldLock lock = new HeldLock(holder);
            Awaitility.await("the lock").atMost(Duration.ofMinutes(1)).until(() -> isTaken(file));
            assertThat(lock.isHeld()).isTrue();
            return lock;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTaken(Path file) throws IOException, InterruptedException {
        return new ProcessBuilder("flock", "--nonblock", file.toString(), "true")
                        .start()
                        .waitFor()
                != 0;
    }

    /** True while the process lives that holds it. */
    boolean isHeld() {
        return holder.isAlive();
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
