package dev.holdfast.catalog.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The statements of {@code fold/}: one file for each event type, and three for every batch. */
final class FoldSql {

    private final Map<String, Optional<String>> files = new ConcurrentHashMap<>();

    /** Makes the staging table of a connection. */
    String stage() {
        return required("Stage");
    }

    /** Keeps a staged batch with events of these types and folds it. */
    String fold(Set<String> types) {
        return required("Events") + foldAlone(types);
    }

    /** Folds a staged batch that holds each event once, and only such as may be believed. */
    String foldAlone(Set<String> types) {
        String perType = types.stream()
                .sorted()
                .map(this::file)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        return perType + required("Stanzas");
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
