package dev.holdfast.catalog.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The statements of {@code fold/}: one file for an event type, or for several that fill the same rows, and a few for every batch. */
final class FoldSql {

    /** What begins and ends a run comes in one batch when a log is read again: then its row is written once. Each other type has a file of its own name. */
    private static final Map<String, List<String>> SHARED = Map.of(
            "BackupStarted", List.of("BackupRuns"),
            "BackupCompleted", List.of("BackupCompleted", "BackupRuns"),
            "BackupFailed", List.of("BackupRuns"),
            "RestoreTestStarted", List.of("RestoreTestRuns"),
            "RestoreTestCompleted", List.of("RestoreTestRuns"));

    private final Map<String, Optional<String>> files = new ConcurrentHashMap<>();

    /** Makes the staging table of a connection. */
    String stage() {
        return required("Stage");
    }

    /** Keeps every staged event once. */
    String keep() {
        return required("Events");
    }

    /** Takes from a staged batch, once it is kept, what had been kept from another place in the log. */
    String forgetLateCopies() {
        return required("LateCopies");
    }

    /** Takes from a staged batch what must not be believed. */
    String forgetUnknown() {
        return required("Unknown");
    }

    /** Folds a staged batch that holds each event once, and only such as may be believed. */
    String fold(Set<String> types) {
        String perType = types.stream()
                .flatMap(type -> SHARED.getOrDefault(type, List.of(type)).stream())
                .distinct()
                .sorted()
                .map(this::file)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        return perType + required("Stanzas") + required("Queue");
    }

    private String required(String name) {
        return file(name).orElseThrow(() -> new IllegalStateException("fold/%s.sql is missing".formatted(name)));
    }

    /** Type names come from the log: only those of the contract have a file, and none has a path in it. */
    private Optional<String> file(String name) {
        return files.computeIfAbsent(name, FoldSql::read);
    }

    private static Optional<String> read(String name) {
        if (!name.chars().allMatch(Character::isLetter)) {
            return Optional.empty();
        }
        try (InputStream file = FoldSql.class.getResourceAsStream("/fold/" + name + ".sql")) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("fold/%s.sql cannot be read".formatted(name), e);
        }
    }
}
