package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packages, as {@code deploy/systemd/build-debs} leaves them in a folder. */
final class DebPackages implements AutoCloseable {

    /** When the packages were made, as far as they tell: part of their version. */
    static final Map<String, String> TIME = Map.of("SOURCE_DATE_EPOCH", "1764115200");

    private final Path folder;

    private DebPackages(Path folder) {
        this.folder = folder;
    }

    /** Builds them all, from the apps that the build has packaged. */
    static DebPackages built() {
        try {
            Path folder = Files.createTempDirectory("holdfast-debs-");
            Command.Ended ended = Command.run(
                    List.of(
                            Path.of(System.getProperty("holdfast.root"), "deploy/systemd/build-debs")
                                    .toString(),
                            "--output",
                            folder.toString()),
                    TIME);
            assertThat(ended.exitCode()).as("%s", ended).isZero();
            return new DebPackages(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for packages", e);
        }
    }

    /** The files, by name. */
    List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** Checksums of all files, in the order of their names. */
    String digests() {
        return Command.output(List.of("sh", "-c", "cd '%s' && sha256sum *.deb".formatted(folder)));
    }

    /** The file of one package, such as {@code runner}. */
    Path of(String part) {
        return files().stream()
                .filter(file -> file.getFileName().toString().startsWith("holdfast-" + part + "_"))
                .findAny()
                .orElseThrow(() -> new AssertionError("no package of the " + part + " in " + files()));
    }

    /**
     * Makes an older version of one: what it holds is the same, but for its settings.
     *
     * @return the file
     */
    Path older(String part, String settings) {
        Path tree = folder.resolve("older-" + part);
        Path file = folder.resolve("older-" + part + "_.deb.old");
        Command.output(List.of("dpkg-deb", "--raw-extract", of(part).toString(), tree.toString()));
        Command.output(List.of(
                "sed",
                "-i",
                "s/^Version: .*/Version: 0.0.1/",
                tree.resolve("DEBIAN/control").toString()));
        try {
            Files.writeString(tree.resolve("etc/holdfast/" + part + ".env"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + tree, e);
        }
        Command.output(
                List.of("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree.toString(), file.toString()));
        return file;
    }

    /** Unpacks what all of them install into a folder, and gives it. */
    Path unpacked() {
        Path root = folder.resolve("root");
        if (Files.notExists(root)) {
            files().forEach(file -> Command.output(List.of("dpkg-deb", "--extract", file.toString(), root.toString())));
        }
        return root;
    }

    @Override
    public void close() {
        Command.output(List.of("rm", "-rf", folder.toString()));
    }
}
