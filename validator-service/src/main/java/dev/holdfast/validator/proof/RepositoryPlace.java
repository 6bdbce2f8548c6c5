package dev.holdfast.validator.proof;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a repository is, and who may read it.
 *
 * @param where a folder of this machine, or one address
 * @param settings the backup program's configuration for a sandbox, secrets among it: never to be logged, or shown to
 *     anybody but the program
 * @param uid numeric owner of the repository, or of the keys to it: who a sandbox runs as
 * @param gid his numeric group
 */
public record RepositoryPlace(Where where, String settings, int uid, int gid) {

    /** The kinds of places. */
    public sealed interface Where permits Folder, Remote {}

    /**
     * A folder of this machine.
     *
     * @param path mounted into the sandbox at the same path, read-only
     */
    public record Folder(Path path) implements Where {}

    /**
     * A storage or a host, reached by TCP.
     *
     * @param kind in words, such as {@code S3}
     * @param host its name, as certificates have it
     * @param port its port
     * @param files certificates and keys that the program needs, mounted at the same paths, read-only
     */
    public record Remote(String kind, String host, int port, List<Path> files) implements Where {

        /** Copies the list. */
        public Remote {
            files = List.copyOf(files);
        }

        /** The one address that the sandbox reaches. */
        public String address() {
            return host + ":" + port;
        }
    }

    /** Without the settings. */
    @Override
    public String toString() {
        return "RepositoryPlace[%s, %d:%d]".formatted(where, uid, gid);
    }
}
