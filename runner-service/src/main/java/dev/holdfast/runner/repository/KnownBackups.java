package dev.holdfast.runner.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which backups of a stanza the log knows, on this host's disk. Losing the file costs a repetition of what was discovered
 * before, under the same event ids.
 */
final class KnownBackups {

    private static final String NOBODY = "-";

    private final Path folder;

    KnownBackups(Path folder) {
        this.folder = folder;
    }

    /** A set in a repository. */
    record Key(int repository, String label) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return repository == other.repository
                    ? label.compareTo(other.label)
                    : Integer.compare(repository, other.repository);
        }
    }

    /** The known sets, each with the request that made it. */
    Map<Key, Optional<UUID>> read(String stanza) {
        Map<Key, Optional<UUID>> known = new TreeMap<>();
        Path file = folder.resolve(stanza);
        if (!Files.exists(file)) {
            return known;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                Optional<UUID> request =
                        words[2].equals(NOBODY) ? Optional.empty() : Optional.of(UUID.fromString(words[2]));
                known.put(new Key(Integer.parseInt(words[0]), words[1]), request);
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Replaces what is known. */
    void write(String stanza, Map<Key, Optional<UUID>> known) {
        List<String> lines = new ArrayList<>();
        known.forEach((key, request) -> lines.add(key.repository() + " " + key.label() + " "
                + request.map(UUID::toString).orElse(NOBODY)));
        Path file = folder.resolve(stanza);
        try {
            Files.createDirectories(folder);
            Path draft = folder.resolve(stanza + ".draft");
            Files.write(draft, lines);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
