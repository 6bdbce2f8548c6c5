package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real S3 server (S3Proxy) over TLS as a process of its own, on a free loopback port, with one bucket whose objects are
 * plain files. It knows two pairs of keys: one may do everything, the other may read.
 */
public final class S3Server implements AutoCloseable {

    /** The name that its certificate is for. */
    public static final String HOST = "localhost";

    /** The bucket that is there. */
    public static final String BUCKET = "holdfast-backups";

    /** May do everything. */
    public static final Keys WRITER = new Keys("holdfastwriter", "writer-secret-8Zq4");

    /** May read, not write. */
    public static final Keys READER = new Keys("holdfastreader", "reader-secret-5Tn1");

    /** What opens its keystore. */
    public static final String KEYSTORE_PASSWORD = "holdfast";

    private final CertificateAuthority authority;
    private final Path folder;
    private final int port = FreePorts.next();
    private final Runnable atExit = this::end;
    private @Nullable Process process;

    private S3Server(CertificateAuthority authority, Path folder) {
        this.authority = authority;
        this.folder = folder;
    }

    /**
     * One pair of keys.
     *
     * @param key the access key
     * @param secret the secret that belongs to it
     */
    public record Keys(String key, String secret) {

        /** As options of pgBackRest's first repository. */
        public Map<String, String> options() {
            return Map.of("repo1-s3-key", key, "repo1-s3-key-secret", secret);
        }

        /** As variables that pgBackRest reads. */
        public Map<String, String> environment() {
            return Map.of("PGBACKREST_REPO1_S3_KEY", key, "PGBACKREST_REPO1_S3_KEY_SECRET", secret);
        }
    }

    /** A server that is up, its certificate issued by this authority. */
    public static S3Server start(CertificateAuthority authority) {
        try {
            S3Server server = new S3Server(authority, Files.createTempDirectory("holdfast-s3-"));
            Cleanup.atExit(server.atExit);
            Files.createDirectories(server.bucket());
            server.present(authority.issue(HOST, HOST));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the S3 server", e);
        }
    }

    /** The port. It stays the same over {@link #stop} and {@link #start}. */
    public int port() {
        return port;
    }

    /** The folder of the bucket: an object is the file of its name. */
    public Path bucket() {
        return folder.resolve("store").resolve(BUCKET);
    }

    /** What its certificate is believed by. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** How pgBackRest reaches it as its first repository, without keys. */
    public Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        options.put("repo1-type", "s3");
        options.put("repo1-s3-bucket", BUCKET);
        options.put("repo1-s3-endpoint", HOST);
        options.put("repo1-s3-region", "us-east-1");
        options.put("repo1-s3-uri-style", "path");
        options.put("repo1-storage-port", String.valueOf(port));
        options.put("repo1-storage-ca-file", authority.certificate().toString());
        return options;
    }

    /** Begins to present another certificate: starts anew. */
    public void present(CertificateAuthority.Certified certified) {
        stop();
        Path keystore = authority.keystore(certified, KEYSTORE_PASSWORD);
        configure("writer.conf", WRITER, keystore);
        configure("reader.conf", READER, keystore);
        start();
    }

    /** Starts it again, with the objects it had. Returns when it answers. */
    public void start() {
        if (process != null) {
            throw new IllegalStateException("the S3 server runs already");
        }
        Path log = folder.resolve("s3.log");
        process = Processes.start(command(), Map.of(), folder, log);
        HttpProbe.awaitPort("S3 server", port, process, log);
    }

    /** Ends it and keeps its objects. */
    public void stop() {
        if (process != null) {
            Processes.stop(process);
            process = null;
        }
    }

    /** Freezes it: it is connected to, and never answers. */
    public void freeze() {
        signal("STOP");
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = Objects.requireNonNull(process, "the S3 server does not run");
        Command.output(List.of("kill", "-s", name, String.valueOf(running.pid())));
    }

    /** Ends it, and forgets its objects. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        stop();
        Cleanup.delete(folder);
    }

    private void configure(String file, Keys keys, Path keystore) {
        try {
            Files.writeString(
                    folder.resolve(file), properties("127.0.0.1:" + port, keys, keystore, folder.resolve("store")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure the S3 server", e);
        }
    }

    /**
     * The server's own settings for one pair of keys.
     *
     * @param listening address and port
     * @param keystore as {@link CertificateAuthority#keystore} made it with {@link #KEYSTORE_PASSWORD}, where the server finds it
     * @param store the folder of its buckets
     */
    public static String properties(String listening, Keys keys, Path keystore, Path store) {
        return """
                s3proxy.secure-endpoint=https://%s
                s3proxy.keystore-path=%s
                s3proxy.keystore-password=%s
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.ignore-unknown-headers=true
                s3proxy.read-only-blobstore=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=none
                jclouds.credential=none
                jclouds.filesystem.basedir=%s
                """.formatted(
                        listening, keystore, KEYSTORE_PASSWORD, keys.key(), keys.secret(), keys.equals(READER), store);
    }

    /** The folder of its jars. */
    public static Path libraries() {
        Path libraries = Checkout.root().resolve("test-support/s3-server/target/lib");
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException(
                    "no S3 server in %s. Fetch it: ./mvnw -pl test-support/s3-server process-resources"
                            .formatted(libraries));
        }
        return libraries;
    }

    /** Its settings for what it logs. */
    public static Path logging() {
        return Checkout.root().resolve("test-support/s3-server/logback.xml");
    }

    /** What Java is told after its own flags: the program over these jars, with these files of {@link #properties}. */
    public static List<String> arguments(Path libraries, Path logging, List<Path> properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                libraries + "/*",
                "org.gaul.s3proxy.Main"));
        properties.forEach(file -> arguments.addAll(List.of("--properties", file.toString())));
        return arguments;
    }

    private List<String> command() {
        List<String> command =
                new ArrayList<>(JavaCommand.start("192m", libraries().resolve("none.aot")));
        command.addAll(arguments(
                libraries(), logging(), List.of(folder.resolve("writer.conf"), folder.resolve("reader.conf"))));
        return command;
    }
}
