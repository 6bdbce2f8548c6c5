package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.TestOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds a stanza's repository on this machine. Reads the configuration anew each time: an operator may correct it meanwhile. */
final class RepositoryLocator {

    private final Path configuration;
    private final Map<String, String> environment;

    RepositoryLocator(Path configuration, Map<String, String> environment) {
        this.configuration = configuration.toAbsolutePath();
        this.environment = Map.copyOf(environment);
    }

    /** The number of the order's repository. */
    int repository(TestOrder order) {
        return order.repository().orElseGet(() -> read().defaultRepository(order.stanza()));
    }

    /**
     * Where it lies and who owns it.
     *
     * @throws ProofStopped with CONFIGURATION if no sandbox could use it
     */
    RepositoryPlace locate(TestOrder order) {
        ConfigurationFile file = read();
        int repository = order.repository().orElseGet(() -> file.defaultRepository(order.stanza()));
        file.remote(order.stanza(), repository).ifPresent(why -> {
            throw configuration(
                    "repository %d of stanza %s is not a folder of this machine: %s. Run a validator where it is."
                            .formatted(repository, order.stanza(), why));
        });
        Path path = Path.of(file.path(order.stanza(), repository));
        if (!path.isAbsolute() || !Files.isDirectory(path)) {
            throw configuration("%s names %s as repository %d of stanza %s, and there is no such folder"
                    .formatted(configuration, path, repository, order.stanza()));
        }
        return place(path, order.stanza());
    }

    private RepositoryPlace place(Path repository, String stanza) {
        Path owned = Stream.of(repository.resolve("backup").resolve(stanza), repository.resolve("backup"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(repository);
        try {
            int uid = (Integer) Files.getAttribute(owned, "unix:uid");
            int gid = (Integer) Files.getAttribute(owned, "unix:gid");
            if (uid == 0) {
                throw configuration(
                        owned
                                + " belongs to root; a sandbox never runs as root. Give the repository to the user that owns the cluster.");
            }
            return new RepositoryPlace(repository, configuration, uid, gid);
        } catch (IOException e) {
            throw configuration("the owner of %s cannot be read: %s".formatted(owned, e));
        }
    }

    private ConfigurationFile read() {
        try {
            List<String> lines = Files.readAllLines(configuration);
            return new ConfigurationFile(lines, environment);
        } catch (IOException e) {
            throw configuration(
                    "pgBackRest's configuration %s cannot be read (%s); set HOLDFAST_PGBACKREST_CONFIG or its rights"
                            .formatted(configuration, e.getClass().getSimpleName()));
        }
    }

    private static ProofStopped configuration(String message) {
        return new ProofStopped(Reason.CONFIGURATION, message);
    }
}
