package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.SandboxEngine;
import dev.holdfast.validator.proof.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes as plain processes on this machine, for where there is no container engine. Nothing isolates them but the
 * user they run as and the settings they are started with; the evidence says so. Never chosen silently.
 */
public final class ProcessEngine implements SandboxEngine {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProcessEngine.class);
    private static final String SOCKET = "run/.s.PGSQL.5432";
    private static final int LONGEST_SOCKET = 107;
    private static final String PREFIX = "holdfast-sandbox-";

    private final Path folder;
    private final SandboxSettings settings;
    private final Map<Path, WorkspaceLock> open = new ConcurrentHashMap<>();

    /**
     * An engine.
     *
     * @param folder where workspaces are made; the owner of a repository must be able to reach it
     */
    public ProcessEngine(Path folder, SandboxSettings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    @Override
    public Sandbox open(Wanted wanted) {
        Path workspace = folder.resolve(prefix() + Long.toString(System.nanoTime(), 36));
        requireShort(workspace);
        try {
            open.put(workspace, WorkspaceLock.of(workspace));
            Files.createDirectory(workspace);
            int me = (Integer) Files.getAttribute(workspace, "unix:uid");
            if (me != wanted.place().uid()) {
                Files.setAttribute(workspace, "unix:gid", wanted.place().gid());
                Files.setAttribute(workspace, "unix:uid", wanted.place().uid());
            }
            writeSettings(workspace, wanted.place(), me);
            return new ProcessSandbox(workspace, wanted.place(), prefix(me, wanted), settings, this::closed);
        } catch (IOException e) {
            closed(workspace);
            throw new ProofStopped(
                    Reason.ENGINE,
                    "no workspace for user %d can be made in %s: %s; run the validator as that user or as root"
                            .formatted(wanted.place().uid(), folder, e),
                    e);
        }
    }

    /** The user's alone to read, for it may hold keys. */
    private static void writeSettings(Path workspace, RepositoryPlace place, int me) throws IOException {
        Path file = Path.of(configuration(workspace.toString()));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, place.settings());
        if (me != place.uid()) {
            Files.setAttribute(file, "unix:uid", place.uid());
        }
    }

    /** Where programs in a workspace find pgBackRest's configuration. */
    public static String configuration(String workspace) {
        return workspace + "/pgbackrest.conf";
    }

    /** The path of a Unix socket has room for 107 bytes, and PostgreSQL's lies in here. */
    private static void requireShort(Path workspace) {
        int length = workspace.resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET) {
            throw new ProofStopped(
                    Reason.ENGINE,
                    "sandboxes in %s would have sockets with names of %d bytes, %d are possible; start the validator with a shorter -Djava.io.tmpdir"
                            .formatted(workspace.getParent(), length, LONGEST_SOCKET));
        }
    }

    /** Root steps down to the repository's owner: PostgreSQL refuses to run as root, and nothing here needs it. */
    private static List<String> prefix(int me, Wanted wanted) {
        return me != 0
                ? List.of()
                : List.of(
                        "setpriv",
                        "--reuid=" + wanted.place().uid(),
                        "--regid=" + wanted.place().gid(),
                        "--clear-groups",
                        "--no-new-privs",
                        "--");
    }

    @Override
    public String kind() {
        return "process";
    }

    private void closed(Path workspace) {
        WorkspaceLock lock = open.remove(workspace);
        if (lock != null) {
            unlock(lock);
        }
    }

    @Override
    public void removeLeftovers() {
        try (Stream<Path> found = Files.list(folder)) {
            found.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(WorkspaceLock.SUFFIX))
                    .map(name -> folder.resolve(name.substring(0, name.length() - WorkspaceLock.SUFFIX.length())))
                    .forEach(ProcessEngine::removeAbandoned);
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("the workspaces of sandboxes could not be listed");
        }
    }

    /** Whoever made it: the lock tells that its maker is dead. */
    private static void removeAbandoned(Path workspace) {
        try {
            WorkspaceLock.ofAbandoned(workspace).ifPresent(lock -> {
                LOGGER.atWarn().addKeyValue("workspace", workspace).log("removing a sandbox that a validator left");
                ProcessSandbox.killAll(workspace);
                ProcessSandbox.delete(workspace);
                unlock(lock);
            });
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("workspace", workspace)
                    .addKeyValue("error", e.toString())
                    .log("a workspace belongs to another user's validator, which alone can remove it");
        }
    }

    private static void unlock(WorkspaceLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("the lock of a workspace could not be removed");
        }
    }

    /** The owner is part of the name, for people who look into the folder. */
    private String prefix() {
        byte[] owner = settings.owner().getBytes(StandardCharsets.UTF_8);
        return PREFIX + Sha256.hex(owner).substring(0, 8) + "-";
    }

    /** Where PostgreSQL's programs lie on Debian, newest major first, before the rest of the path. */
    static String path(Map<String, String> environment) {
        Path root = Path.of("/usr/lib/postgresql");
        String own = environment.getOrDefault("PATH", "/usr/bin:/bin");
        if (!Files.isDirectory(root)) {
            return own;
        }
        try (Stream<Path> majors = Files.list(root)) {
            return majors.sorted((a, b) -> b.compareTo(a))
                            .map(major -> major.resolve("bin").toString())
                            .reduce("", (all, next) -> all + next + ":")
                    + own;
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("PostgreSQL's programs were not found by folder");
            return own;
        }
    }
}
