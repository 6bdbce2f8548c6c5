package dev.holdfast.deployment;

import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.S3Server;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A bucket that a stack on Compose reaches as the guide says, with an authority of its own, and the guide in this site's words. */
final class Bucket implements AutoCloseable {

    private static final String PAGE = "guide/compose-s3.md";
    private static final String HOST = "s3.example.org";
    private static final String FOLDER = "/srv/holdfast-s3";

    private final Path settings;
    private final CertificateAuthority authority;
    private final S3Container server;

    private Bucket(Path settings, CertificateAuthority authority, S3Container server) {
        this.settings = settings;
        this.authority = authority;
        this.server = server;
    }

    /** One that the database, the runner and the validator of a stack find by name; the stack need not be there yet. */
    static Bucket reachedBy(ComposeStack stack) throws IOException {
        Path settings = stack.folder().resolve("s3");
        Files.createDirectories(settings);
        CertificateAuthority authority = CertificateAuthority.create();
        try {
            Files.copy(authority.certificate(), settings.resolve("ca.crt"));
            S3Container server =
                    S3Container.started(authority, HOST, List.of(stack.network("database"), stack.network("events")));
            return new Bucket(settings, authority, server);
        } catch (AssertionError | IOException | RuntimeException e) {
            authority.close();
            throw e;
        }
    }

    /** What the guide tells to do where there is no stack yet, with this bucket's folder and keys. */
    List<Page.Step> guideFromNothing() {
        return guide("new").toList();
    }

    /** The same for a stack that is up. */
    List<Page.Step> guideForAStackThatIsUp() {
        return guide("running").toList();
    }

    private Stream<Page.Step> guide(String way) {
        return Page.steps(PAGE).stream()
                .filter(step -> step.way().isEmpty() || step.way().equals(way))
                .map(step -> Page.filled(step, site()));
    }

    /** A command from elsewhere with this bucket's folder. */
    String filled(String command) {
        return command.replace(FOLDER, settings.toString());
    }

    private Map<String, String> site() {
        return Map.of(
                FOLDER,
                settings.toString(),
                "=WRITERS-SECRET",
                "=" + S3Server.WRITER.secret(),
                "=WRITER\n",
                "=" + S3Server.WRITER.key() + "\n",
                "=READERS-SECRET",
                "=" + S3Server.READER.secret(),
                "=READER\n",
                "=" + S3Server.READER.key() + "\n",
                "PASSPHRASE",
                "for a test alone");
    }

    /** The folder that the containers get the settings from. */
    Path settings() {
        return settings;
    }

    /** Its objects. */
    List<Path> files() {
        return Folders.filesIn(server.bucket());
    }

    @Override
    public void close() {
        server.close();
        authority.close();
    }
}
