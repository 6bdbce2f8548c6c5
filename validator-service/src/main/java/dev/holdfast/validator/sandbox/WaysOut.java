package dev.holdfast.validator.sandbox;

import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the sandboxes' ways to repositories elsewhere, each in a folder of its own that is gone with it. */
final class WaysOut {

    private static final Logger LOGGER = LoggerFactory.getLogger(WaysOut.class);

    private final Path parent;
    private final SharedVolumes volumes;
    private final String prefix;
    private final Set<Path> open = ConcurrentHashMap.newKeySet();

    /**
     * @param owner pool, instance and key: part of the folders' names, so that validators on one machine leave each other's alone
     * @param parent where the folders are made. Where it lies in a volume, every sandbox sees the whole of it: what keeps them from each
     *     other's sockets is that nobody but this process may list it, and that the names are random
     * @param volumes which folders the engine knows as volumes
     */
    WaysOut(String owner, Path parent, SharedVolumes volumes) {
        this.parent = parent;
        this.volumes = volumes;
        this.prefix =
                "hf-way-" + Sha256.hex(owner.getBytes(StandardCharsets.UTF_8)).substring(0, 8) + "-";
    }

    /** A way to the repository, open; empty if it is a folder of this machine. */
    Optional<WayOut> to(RepositoryPlace place) {
        return place.where() instanceof RepositoryPlace.Remote remote
                ? Optional.of(made(remote, place.uid()))
                : Optional.empty();
    }

    private WayOut made(RepositoryPlace.Remote remote, int uid) {
        try {
            Path folder = Files.createTempDirectory(parent, prefix);
            open.add(folder);
            return WayOut.open(
                    remote,
                    new WayOut.Place(folder, volumes.inside(folder, WayOut.INSIDE)),
                    uid,
                    () -> removed(folder));
        } catch (IOException e) {
            throw new ProofStopped(
                    Reason.ENGINE, "no way to the repository can be made in %s: %s".formatted(parent, e), e);
        }
    }

    private void removed(Path folder) {
        delete(folder);
        open.remove(folder);
    }

    /** Removes what an earlier life of this validator left. */
    void removeLeftovers() {
        try (Stream<Path> found = Files.list(parent)) {
            found.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .filter(path -> !open.contains(path))
                    .forEach(WaysOut::delete);
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", e.toString()).log("the ways of sandboxes could not be listed");
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(WayOut.SOCKET));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", folder)
                    .addKeyValue("error", e.toString())
                    .log(
                            "what is left of a sandbox's way could not be removed; the validator tries again every five minutes");
        }
    }
}
