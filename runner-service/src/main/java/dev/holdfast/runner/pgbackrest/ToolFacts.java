package dev.holdfast.runner.pgbackrest;

import dev.holdfast.runner.backup.Category;
import dev.holdfast.runner.backup.Failure;
import dev.holdfast.runner.repository.StanzaInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the runner knows of the tool without asking it: version, configuration, stop files, clusters. Safe for many threads. */
final class ToolFacts {

    private static final String DEFAULT_LOCK_PATH = "/tmp/pgbackrest";
    private static final String UNKNOWN = "unknown";

    private final Pgbackrest tool;
    private final Map<String, String> environment;
    private final KnownSystems systems;
    private @Nullable Snapshot snapshot;
    private @Nullable String version;

    /** The configuration as it was at a moment. */
    private record Snapshot(FileTime modified, ConfigFile config, Redaction redaction) {}

    ToolFacts(Pgbackrest tool, Map<String, String> environment, KnownSystems systems) {
        this.tool = tool;
        this.environment = Map.copyOf(environment);
        this.systems = systems;
    }

    /** The executable's version, asked once; {@code unknown} while it cannot be run. */
    synchronized String version() {
        if (version == null) {
            try {
                version = tool.version().orElse(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return version == null ? UNKNOWN : version;
    }

    /** SHA-256 of the configuration; {@code unknown} while it cannot be read. */
    String configurationHash() {
        return snapshot().map(now -> now.config().digest()).orElse(UNKNOWN);
    }

    /** What takes secrets out of text. */
    Redaction redaction() {
        return snapshot().map(Snapshot::redaction).orElse(new Redaction(List.of()));
    }

    /** What finds a disk behind a failure. */
    DiskDiagnosis disks() {
        return new DiskDiagnosis(this::configured);
    }

    /** A setting as a backup of the stanza sees it; empty if it is not set. */
    Optional<String> configured(String stanza, String key) {
        return snapshot().flatMap(now -> now.config().value(stanza, key));
    }

    /** Why nothing can be run at all; empty if nothing stands against it. */
    Optional<Failure> trouble() {
        if (!Files.exists(tool.config())) {
            return Optional.of(
                    Failure.of(
                            Category.CONFIGURATION,
                            "pgBackRest's configuration file '%s' does not exist".formatted(tool.config()),
                            "Write it (at least [global] with repo1-path and a section of the stanza with pg1-path), or set HOLDFAST_PGBACKREST_CONFIG to where it lies."));
        }
        if (version().equals(UNKNOWN)) {
            return Optional.of(Failure.of(
                    Category.CONFIGURATION,
                    "pgBackRest cannot be run as '%s'".formatted(tool.executable()),
                    "Install pgBackRest, or set HOLDFAST_PGBACKREST to its executable."));
        }
        return Optional.empty();
    }

    /** What stops backups of the stanza, if somebody ran {@code pgbackrest stop}. */
    Optional<String> pausedBy(String stanza) {
        Path locks = Path.of(configured(stanza, "lock-path").orElse(DEFAULT_LOCK_PATH));
        for (String name : List.of(stanza + ".stop", "all.stop")) {
            if (Files.exists(locks.resolve(name))) {
                return Optional.of(
                        "pgBackRest was stopped by an operator: %s exists. Run 'pgbackrest start' when backups may go on, then request the backup again"
                                .formatted(locks.resolve(name)));
            }
        }
        return Optional.empty();
    }

    /** What is wrong if the stanza's cluster is another one than it was. */
    Optional<String> systemChange(String stanza) {
        return systems.change(stanza);
    }

    /** The stanza's cluster as last read. */
    Optional<String> systemId(String stanza) {
        return systems.current(stanza);
    }

    /** The repository tells which cluster the stanza is of, and of which ones it was. */
    void observed(StanzaInfo info) {
        Set<String> history =
                info.databases().stream().map(StanzaInfo.Database::systemId).collect(Collectors.toUnmodifiableSet());
        info.systemId().ifPresent(id -> systems.observed(info.name(), id, history));
    }

    /** The repository tells which cluster the stanza is of. */
    void observed(String stanza, String systemId) {
        systems.observed(stanza, systemId, Set.of());
    }

    /** The configuration, read again whenever the file has changed. */
    private synchronized Optional<Snapshot> snapshot() {
        try {
            FileTime modified = Files.getLastModifiedTime(tool.config());
            if (snapshot == null || !snapshot.modified().equals(modified)) {
                ConfigFile config = ConfigFile.read(tool.config(), environment);
                snapshot = new Snapshot(modified, config, new Redaction(config.secrets()));
            }
            return Optional.of(snapshot);
        } catch (IOException | UncheckedIOException e) {
            snapshot = null;
            return Optional.empty();
        }
    }
}
