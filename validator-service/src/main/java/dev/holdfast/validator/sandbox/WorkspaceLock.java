package dev.holdfast.validator.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that the validator that made a workspace lives: the kernel takes the lock away when its process ends, however it ends.
 * So any validator can tell what another one left.
 */
final class WorkspaceLock implements AutoCloseable {

    static final String SUFFIX = ".lock";

    // closing any channel of a file ends this process's lock on it, so those are never opened again
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path workspace;
    private final FileChannel channel;

    private WorkspaceLock(Path workspace, FileChannel channel) {
        this.workspace = workspace;
        this.channel = channel;
    }

    /** Takes the lock of a workspace that is about to be made. */
    static WorkspaceLock of(Path workspace) throws IOException {
        FileChannel channel =
                FileChannel.open(file(workspace), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        HELD.add(workspace);
        return new WorkspaceLock(workspace, channel);
    }

    /** Takes the lock of a workspace that nobody works in; empty if somebody does. */
    static Optional<WorkspaceLock> ofAbandoned(Path workspace) throws IOException {
        if (!HELD.add(workspace)) {
            return Optional.empty();
        }
        Optional<WorkspaceLock> lock = lock(workspace);
        if (lock.isEmpty()) {
            HELD.remove(workspace);
        }
        return lock;
    }

    private static Optional<WorkspaceLock> lock(Path workspace) throws IOException {
        try {
            FileChannel channel = FileChannel.open(file(workspace), StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(new WorkspaceLock(workspace, channel));
            }
            channel.close();
            return Optional.empty();
        } catch (NoSuchFileException e) {
            // the validator that closes it, or another that found it, was quicker
            return Optional.empty();
        }
    }

    private static Path file(Path workspace) {
        return workspace.resolveSibling(workspace.getFileName() + SUFFIX);
    }

    /** Gives the lock back. Its file goes only with the workspace: by it what could not be removed is found again. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (!Files.exists(workspace)) {
                Files.deleteIfExists(file(workspace));
            }
        } finally {
            HELD.remove(workspace);
        }
    }
}
