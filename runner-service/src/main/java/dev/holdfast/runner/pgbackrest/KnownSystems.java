package dev.holdfast.runner.pgbackrest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which PostgreSQL cluster each stanza is known to be of. A stanza that turns up with another one is not backed up until
 * somebody says that this is meant: the runner would otherwise fill a repository from the wrong cluster. Whoever runs {@code
 * stanza-upgrade} says so: the repository then lists the old cluster as well.
 */
final class KnownSystems {

    private static final Logger LOGGER = LoggerFactory.getLogger(KnownSystems.class);

    private final RunFolder folder;
    private final Map<String, String> seen = new ConcurrentHashMap<>();

    /**
     * @param path the folder with one file for each stanza
     */
    KnownSystems(Path path) {
        this.folder = new RunFolder(path);
    }

    /**
     * The repository says that the stanza is of this cluster. The first one is believed, and one that follows a known one by
     * an upgrade.
     *
     * @param history the clusters that the repository knows of the stanza, old and new; empty if it was not asked
     */
    void observed(String stanza, String systemId, Set<String> history) {
        seen.put(stanza, systemId);
        Optional<String> before = known(stanza);
        boolean upgraded = before.filter(old -> !old.equals(systemId) && history.contains(old))
                .isPresent();
        if (upgraded) {
            LOGGER.atInfo()
                    .addKeyValue("stanza", stanza)
                    .addKeyValue("before", before.get())
                    .addKeyValue("now", systemId)
                    .log("the stanza was upgraded to another cluster");
        }
        if (before.isEmpty() || upgraded) {
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
