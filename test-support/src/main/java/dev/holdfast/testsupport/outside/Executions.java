package dev.holdfast.testsupport.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A pgBackRest that writes down how it is called before it does what it is told: what a runner really executes. */
public final class Executions {

    private static final String SEPARATOR = "\u001f";

    private final Path record;
    private final Path program;

    /**
     * @param folder an existing one, for the program and its record
     * @param pgbackrest the real one
     */
    public Executions(Path folder, Path pgbackrest) {
        this.record = folder.resolve("executions");
        this.program = folder.resolve("pgbackrest");
        try {
            Files.createFile(record);
            Files.writeString(program, """
                    #!/bin/sh
                    line=$(printf '%%s\\037' "$@")
                    printf '%%s\\n' "$line" >>'%s'
                    exec '%s' "$@"
                    """.formatted(record, pgbackrest));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + program, e);
        }
    }

    /** The program, for {@code HOLDFAST_PGBACKREST}. */
    public Path program() {
        return program;
    }

    /** The argument lists of all calls up to now. */
    public List<List<String>> all() {
        try (Stream<String> lines = Files.lines(record)) {
            return lines.map(line -> List.of(line.split(SEPARATOR))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + record, e);
        }
    }

    /** The calls of one command on one stanza. */
    public List<List<String>> of(String command, String stanza) {
        return all().stream()
                .filter(call -> call.contains(command) && call.contains("--stanza=" + stanza))
                .toList();
    }
}
