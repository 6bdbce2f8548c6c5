package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.TestOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Stream;

/** Finds a stanza's repository. Reads the configuration anew each time: an operator may correct it meanwhile. */
final class RepositoryLocator {

    /** Who owns nothing, for a sandbox whose configuration belongs to root: all that it needs is handed to it. */
    private static final int NOBODY = 65_534;

    private static final Path DEBIANS = Path.of("/etc/pgbackrest.conf");

    private final Path configuration;
    private final Map<String, String> environment;

    private record Owner(int uid, int gid) {}

    RepositoryLocator(Path configuration, Map<String, String> environment) {
        this.configuration = configuration.toAbsolutePath();
        this.environment = Map.copyOf(environment);
    }

    /** The number of the order's repository. */
    int repository(TestOrder order) {
        return order.repository().orElseGet(() -> read().defaultRepository(order.stanza()));
    }

    /** The numbers of those of its stanza besides it. */
    SortedSet<Integer> others(TestOrder order) {
        SortedSet<Integer> numbers = read().repositories(order.stanza());
        numbers.remove(repository(order));
        return numbers;
    }

    /**
     * Where it lies and who may read it.
     *
     * @throws ProofStopped with CONFIGURATION if no sandbox could use it
     */
    RepositoryPlace locate(TestOrder order) {
        ConfigurationFile file = read();
        int repository = order.repository().orElseGet(() -> file.defaultRepository(order.stanza()));
        return RemoteRepository.of(file, order.stanza(), repository)
                .map(remote -> remotePlace(remote, file, repository))
                .orElseGet(() -> folder(file, order.stanza(), repository));
    }

    private RepositoryPlace folder(ConfigurationFile file, String stanza, int repository) {
        Path path = Path.of(file.path(stanza, repository));
        if (!path.isAbsolute() || !Files.isDirectory(path)) {
            throw configuration("%s names %s as repository %d of stanza %s, and there is no such folder"
                    .formatted(configuration, path, repository, stanza));
        }
        Path owned = Stream.of(path.resolve("backup").resolve(stanza), path.resolve("backup"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(path);
        Owner owner = ownerOf(owned);
        if (owner.uid() == 0) {
            throw configuration(
                    owned
                            + " belongs to root; a sandbox never runs as root. Give the repository to the user that owns the cluster.");
        }
        return new RepositoryPlace(
                new RepositoryPlace.Folder(path), file.forSandbox(repository), owner.uid(), owner.gid());
    }

    /** The sandbox runs as the owner of the files that it must read, else as the configuration's. */
    private RepositoryPlace remotePlace(RepositoryPlace.Remote remote, ConfigurationFile file, int repository) {
        remote.files().stream().filter(path -> !Files.exists(path)).findFirst().ifPresent(path -> {
            throw configuration("%s names %s, and there is no such file".formatted(configuration, path));
        });
        Owner owner = Stream.concat(remote.files().stream(), Stream.of(configuration))
                .map(RepositoryLocator::ownerOf)
                .filter(found -> found.uid() != 0)
                .findFirst()
                .orElse(new Owner(NOBODY, NOBODY));
        return new RepositoryPlace(remote, file.forSandbox(repository), owner.uid(), owner.gid());
    }

    private static Owner ownerOf(Path path) {
        try {
            return new Owner(
                    (Integer) Files.getAttribute(path, "unix:uid"), (Integer) Files.getAttribute(path, "unix:gid"));
        } catch (IOException e) {
            throw configuration("the owner of %s cannot be read: %s".formatted(path, e));
        }
    }

    private ConfigurationFile read() {
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(configuration));
            for (Path file : included()) {
                lines.addAll(Files.readAllLines(file));
            }
            return new ConfigurationFile(lines, environment);
        } catch (IOException e) {
            throw configuration(
                    "pgBackRest's configuration %s cannot be read (%s); set HOLDFAST_PGBACKREST_CONFIG or its rights"
                            .formatted(configuration, e.getClass().getSimpleName()));
        }
    }

    /** The files of the folder that belongs to pgBackRest's usual file: secrets are often kept there. */
    private List<Path> included() throws IOException {
        Path folder = configuration.equals(DEBIANS)
                ? Path.of("/etc/pgbackrest/conf.d")
                : configuration.resolveSibling("conf.d");
        boolean usual = configuration.equals(DEBIANS)
                || String.valueOf(configuration.getFileName()).equals("pgbackrest.conf");
        if (!usual || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    private static ProofStopped configuration(String message) {
        return new ProofStopped(Reason.CONFIGURATION, message);
    }
}
