package dev.holdfast.runner;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The runner's folder on this host, taken for one process: two that adopt the same run would both publish its end. The
 * operating system gives it back when the process ends, however it ends.
 *
 * @param path the folder
 * @param lock held for as long as the process lives
 */
record StateFolder(Path path, FileLock lock) {

    private static final String LOCK = "lock";

    /**
     * Takes the folder, and makes it if it is missing.
     *
     * @throws IllegalArgumentException if another process has it or it cannot be written; the message says what to do
     */
    static StateFolder take(Path path) {
        FileLock lock;
        try {
            Files.createDirectories(path);
            lock = tryLock(path.resolve(LOCK));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot write to %s (%s): set HOLDFAST_RUNNER_STATE to a folder that the runner may write"
                            .formatted(path, e.getMessage()),
                    e);
        }
        if (lock == null) {
            throw new IllegalArgumentException(
                    "another runner works in %s: end it, or give each its own HOLDFAST_RUNNER_STATE and HOLDFAST_INSTANCE"
                            .formatted(path));
        }
        return new StateFolder(path, lock);
    }

    private static @Nullable FileLock tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
        }
        return lock;
    }
}
