package dev.holdfast.runner.pgbackrest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which PostgreSQL cluster each stanza is known to be of. A stanza that turns up with another one is not backed up until
 * somebody says that this is meant: the runner would otherwise fill a repository from the wrong cluster.
 */
final class KnownSystems {

    private final RunFolder folder;
    private final Map<String, String> seen = new ConcurrentHashMap<>();

    /**
     * @param path the folder with one file for each stanza
     */
    KnownSystems(Path path) {
        this.folder = new RunFolder(path);
    }

    /** The repository says that the stanza is of this cluster. The first one is believed. */
    void observed(String stanza, String systemId) {
        seen.put(stanza, systemId);
        if (known(stanza).isEmpty()) {
            folder.writeDurably(stanza, systemId);
        }
    }

    /** The cluster that the stanza is of, as last read; empty if nothing is known. */
    Optional<String> current(String stanza) {
        return Optional.ofNullable(seen.get(stanza)).or(() -> known(stanza));
    }

    /** What is wrong, and what to do, if the stanza is of another cluster than it was. */
    Optional<String> change(String stanza) {
        String now = seen.get(stanza);
        Optional<String> before = known(stanza);
        if (now == null || before.isEmpty() || before.get().equals(now)) {
            return Optional.empty();
        }
        return Optional.of(
                "stanza '%s' was of the PostgreSQL cluster with system identifier %s, now the repository says %s. If the cluster was upgraded or replaced on purpose, remove %s and request the backup again; if not, find out who changed it"
                        .formatted(stanza, before.get(), now, folder.path().resolve(stanza)));
    }

    private Optional<String> known(String stanza) {
        return folder.read(stanza).map(String::strip);
    }
}
