package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A certificate authority of a test's own, made by openssl. All its files belong to the database's user. */
public final class CertificateAuthority implements AutoCloseable {

    private static final String DAYS = "30";

    private final Path folder;
    private final Runnable atExit;

    private CertificateAuthority(Path folder) {
        this.folder = folder;
        this.atExit = () -> Cleanup.delete(folder);
    }

    /**
     * A certificate and what proves that one is who it names.
     *
     * @param certificate PEM
     * @param key PEM, readable for its owner alone: pgBackRest refuses others
     */
    public record Certified(Path certificate, Path key) {}

    /** A new one, which nobody trusts yet. */
    public static CertificateAuthority create() {
        CertificateAuthority authority = new CertificateAuthority(DatabaseUser.newFolder("holdfast-ca-"));
        Cleanup.atExit(authority.atExit);
        authority.openssl(Stream.concat(
                Stream.of("req", "-x509", "-days", DAYS, "-subj", "/CN=Holdfast test CA"),
                newKey("ca", "-out", "ca.crt")));
        return authority;
    }

    /** Its own certificate, PEM: whoever has it in his list of authorities believes it. */
    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /**
     * A certificate that is good for a month.
     *
     * @param commonName whom it names
     * @param hosts the host names that it is for
     */
    public Certified issue(String commonName, String... hosts) {
        return issue(commonName, List.of("-days", DAYS), hosts);
    }

    /** A certificate whose time is over. */
    public Certified issueExpired(String commonName, String... hosts) {
        return issue(commonName, List.of("-days", "-1"), hosts);
    }

    private Certified issue(String commonName, List<String> validity, String... hosts) {
        String name = "issued-" + System.nanoTime();
        openssl(Stream.concat(Stream.of("req", "-subj", "/CN=" + commonName), newKey(name, "-out", name + ".csr")));
        String names = Stream.of(hosts).map(host -> "DNS:" + host).collect(Collectors.joining(","));
        write(folder.resolve(name + ".ext"), hosts.length == 0 ? "" : "subjectAltName=" + names + "\n");
        List<String> sign = new ArrayList<>(List.of("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt"));
        sign.addAll(List.of("-CAkey", "ca.key", "-CAcreateserial", "-extfile", name + ".ext", "-out", name + ".crt"));
        sign.addAll(validity);
        openssl(sign.stream());
        return new Certified(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
    }

    /** Certificate and key in one PKCS#12 file, as Java's servers read it. */
    public Path keystore(Certified certified, String password) {
        Path keystore =
                certified.certificate().resolveSibling(certified.certificate().getFileName() + ".p12");
        openssl(Stream.of(
                "pkcs12",
                "-export",
                "-in",
                certified.certificate().toString(),
                "-inkey",
                certified.key().toString(),
                "-out",
                keystore.toString(),
                "-passout",
                "pass:" + password));
        return keystore;
    }

    private static Stream<String> newKey(String name, String... further) {
        return Stream.concat(
                Stream.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key"),
                Stream.of(further));
    }

    private void openssl(Stream<String> arguments) {
        // openssl makes keys that only their owner can read, and takes relative names from where it runs
        List<String> command = new ArrayList<>(List.of("env", "--chdir=" + folder, "openssl"));
        arguments.forEach(command::add);
        Command.output(DatabaseUser.as(command));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Removes it and what it issued. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        atExit.run();
    }
}
