package dev.holdfast.validator;

import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.validator.proof.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A copy of a repository that nobody else uses, for a test to damage.
 *
 * @param folder everything is in here
 */
record RepositoryCopy(Path folder) implements AutoCloseable {

    static RepositoryCopy of(PgBackRestRepository original) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "holdfast-copy-" + UUID.randomUUID());
        RepositoryCopy copy = new RepositoryCopy(folder);
        Command.output(List.of("mkdir", "--mode=0755", folder.toString()));
        Command.output(List.of(
                "cp", "-a", original.path().toString(), copy.repository().toString()));
        copy.configure("");
        return copy;
    }

    /** Writes the configuration file anew; {@code further} are lines behind the repository's path, sections too. */
    void configure(String further) {
        write(configuration(), """
                [global]
                repo1-path=%s
                %s
                [%s]
                pg1-path=/nowhere
                """.formatted(repository(), further, Grounds.STANZA));
    }

    Path repository() {
        return folder.resolve("repository");
    }

    Path configuration() {
        return folder.resolve("pgbackrest.conf");
    }

    /** The folder of a backup. */
    Path backup(String label) {
        return repository().resolve("backup").resolve(Grounds.STANZA).resolve(label);
    }

    /** The record of all backups and its copy, or of all archives and its copy. */
    List<Path> records(String kind) {
        Path record = repository().resolve(kind).resolve(Grounds.STANZA).resolve(kind + ".info");
        return List.of(record, record.resolveSibling(kind + ".info.copy"));
    }

    /** A backup's manifest and its copy. */
    List<Path> manifests(String label) {
        return List.of(backup(label).resolve("backup.manifest"), backup(label).resolve("backup.manifest.copy"));
    }

    /** The file of a WAL segment. */
    Path segment(String name) {
        return files(repository().resolve("archive")).stream()
                .filter(file -> file.getFileName().toString().startsWith(name + "-"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not archived: " + name));
    }

    /** The file that tells where a timeline began. */
    Path history(int timeline) {
        String name = "%08X.history".formatted(timeline);
        return files(repository().resolve("archive")).stream()
                .filter(file -> file.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not archived: " + name));
    }

    /** Lets the history of a timeline that left timeline 1 say that it did so at this position. */
    void fork(int timeline, Lsn at) {
        write(history(timeline), "1\t%s\tno recovery target specified\n".formatted(at));
    }

    /** The largest data file of a backup. */
    Path largestFile(String label) {
        return largestUnder(backup(label).resolve("pg_data"));
    }

    /** The largest file below a folder. */
    Path largestUnder(Path under) {
        return files(under).stream()
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow(() -> new IllegalArgumentException("no file in " + under));
    }

    void delete(Path path) {
        Command.output(List.of("rm", "-r", path.toString()));
    }

    /** Turns over the bits of the byte in its middle. */
    void flip(Path file) {
        byte[] bytes = bytes(file);
        bytes[bytes.length / 2] ^= (byte) 0xFF;
        write(file, bytes);
    }

    /** Gives a file the content of another. */
    void replace(Path file, Path other) {
        write(file, bytes(other));
    }

    /** Puts a segment beside one, of the same name and of another checksum. */
    void duplicate(Path segment) {
        String name = segment.getFileName().toString();
        String other = name.replaceFirst("-[0-9a-f]{40}", "-" + "0".repeat(40));
        Command.output(List.of(
                "cp", "-a", segment.toString(), segment.resolveSibling(other).toString()));
    }

    /** Cuts off its second half. */
    void truncate(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot cut " + file, e);
        }
    }

    /** Replaces a text in a record of pgBackRest's and seals the record as pgBackRest would. */
    void rewrite(Path file, String text, String replacement) {
        String found = new String(bytes(file), java.nio.charset.StandardCharsets.UTF_8);
        if (!found.contains(text)) {
            throw new IllegalArgumentException("%s has no '%s'".formatted(file, text));
        }
        write(file, SealedRecord.sealed(found.replace(text, replacement)));
    }

    /** Takes the line of a backup out of a record of pgBackRest's and seals the record as pgBackRest would. */
    void strike(Path file, String label) {
        String left = new String(bytes(file), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith(label + "="))
                .collect(Collectors.joining("\n", "", "\n"));
        write(file, SealedRecord.sealed(left));
    }

    /** Compresses a segment anew, after a filter has changed what was in it. */
    void recompress(Path segment, String filter) {
        Command.output(List.of(
                "bash",
                "-ec",
                "gzip -dc <\"$1\" | %s >\"$1.raw\"; gzip -c \"$1.raw\" >\"$1\"; rm \"$1.raw\"".formatted(filter),
                "bash",
                segment.toString()));
    }

    /** Sets a second repository beside it, the same in everything. */
    void twin() {
        Path twin = folder.resolve("twin");
        Command.output(List.of("cp", "-a", repository().toString(), twin.toString()));
        configure("repo2-path=" + twin);
    }

    /** Archives a segment again under another name. */
    void imitate(String name, String other) {
        Path segment = segment(name);
        Path folder = segment.resolveSibling("../" + other.substring(0, 16)).normalize();
        Command.output(List.of("mkdir", "--parents", folder.toString()));
        Command.output(List.of(
                "cp",
                "--preserve=ownership,mode",
                segment.toString(),
                folder.resolve(segment.getFileName().toString().replace(name, other))
                        .toString()));
    }

    /** Takes everybody's right to read it. */
    void forbid(Path path) {
        Command.output(List.of("chmod", "0000", path.toString()));
    }

    /** Puts a pipe in its place that nobody writes into: who reads it waits for ever. */
    void block(Path file) {
        delete(file);
        Command.output(List.of("mkfifo", "--mode=0644", file.toString()));
    }

    private static List<Path> files(Path under) {
        try (Stream<Path> tree = Files.walk(under)) {
            return tree.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + under, e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void write(Path file, String text) {
        write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public void close() {
        Command.output(List.of("rm", "-rf", folder.toString()));
    }
}
