package dev.holdfast.validator.sandbox;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import dev.holdfast.validator.proof.RepositoryPlace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which folders of this process are volumes of the container engine.
 *
 * <p>A folder's path means something to the engine only where both see the same file system. A validator that is itself in a
 * container sees its own: there the engine must be told the volume that is mounted at the folder. It is given to the sandbox
 * at the very same path, so that pgBackRest's configuration holds inside, too.
 */
public final class SharedVolumes {

    /** The variable that lists them. */
    public static final String SETTING = "HOLDFAST_SANDBOX_VOLUMES";

    private static final Pattern ENTRY = Pattern.compile("(/[^=:,]+)=([A-Za-z0-9][A-Za-z0-9_.-]*)");
    private static final SharedVolumes NONE = new SharedVolumes(Map.of());

    private final Map<Path, String> names;

    private SharedVolumes(Map<Path, String> names) {
        this.names = Map.copyOf(names);
    }

    /** All folders are the engine's own. */
    public static SharedVolumes none() {
        return NONE;
    }

    /**
     * Reads {@code FOLDER=VOLUME}, several by commas; nothing for none.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static SharedVolumes of(String text) {
        Map<Path, String> names = new TreeMap<>();
        Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .forEach(entry -> {
                    Matcher match = ENTRY.matcher(entry);
                    if (!match.matches()) {
                        throw new IllegalArgumentException(
                                "%s has '%s': expected FOLDER=VOLUME, an absolute path and the name of a volume"
                                        .formatted(SETTING, entry));
                    }
                    names.put(Path.of(match.group(1)).normalize(), match.group(2));
                });
        return new SharedVolumes(names);
    }

    /**
     * Names of the volumes that a sandbox for this repository needs.
     *
     * @param ways the folder in which ways to repositories elsewhere are made
     */
    List<String> of(RepositoryPlace place, Path ways) {
        return Stream.concat(
                        paths(place),
                        place.where() instanceof RepositoryPlace.Remote ? Stream.of(ways) : Stream.empty())
                .flatMap(path -> over(path).stream())
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /** What a sandbox needs of this repository, each at its own path, for nobody to write. */
    List<Bind> readOnly(RepositoryPlace place) {
        return paths(place)
                .map(path -> over(path)
                        .map(shared -> bind(shared.getValue(), shared.getKey()))
                        .orElseGet(() -> new Bind(path.toString(), new Volume(path.toString()), AccessMode.ro)))
                .distinct()
                .toList();
    }

    /** The folder of a sandbox's way, for nobody to write: at its own path where it lies in a volume, else where it is told. */
    Bind way(Path folder, Path otherwise) {
        return over(folder)
                .map(shared -> bind(shared.getValue(), shared.getKey()))
                .orElseGet(() -> new Bind(folder.toString(), new Volume(otherwise.toString()), AccessMode.ro));
    }

    /** Where programs in a sandbox find that folder. */
    Path inside(Path folder, Path otherwise) {
        return over(folder).isPresent() ? folder : otherwise;
    }

    private static Stream<Path> paths(RepositoryPlace place) {
        return switch (place.where()) {
            case RepositoryPlace.Folder(Path path) -> Stream.of(path);
            case RepositoryPlace.Remote remote -> remote.files().stream();
        };
    }

    /** The volume whose folder holds the path; the innermost if several do. */
    private Optional<Map.Entry<Path, String>> over(Path path) {
        return names.entrySet().stream()
                .filter(entry -> path.normalize().startsWith(entry.getKey()))
                .max(Map.Entry.comparingByKey((one, other) -> one.getNameCount() - other.getNameCount()));
    }

    /** Without a copy: an engine would fill an empty volume with what the image has at that path. */
    private static Bind bind(String volume, Path inside) {
        return new Bind(volume, new Volume(inside.toString()), AccessMode.ro, SELContext.none, true);
    }
}
