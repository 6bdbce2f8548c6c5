package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An authority of a test's own for the two ends of a connection: certificates for servers and people by their whole subject, made in
 * this JVM, so that it can speak TLS with them itself.
 */
public final class PeerAuthority {

    private static final Duration LIFE = Duration.ofDays(2);
    private static final char[] NO_PASSWORD = new char[0];

    private final X500Principal name;
    private final KeyPair keys = keyPair();
    private final X509Certificate certificate;
    private final Path folder;

    /**
     * An authority.
     *
     * @param name its distinguished name
     * @param folder where files go; they are the caller's to remove
     */
    public PeerAuthority(String name, Path folder) {
        this.name = new X500Principal(name);
        this.folder = folder;
        this.certificate = signed(this.name, keys, true);
        pem(file(), "CERTIFICATE", encoded(certificate));
    }

    /**
     * A certificate with its key.
     *
     * @param subject whose it is, in RFC 2253
     * @param certificate PEM file
     * @param key PEM file, PKCS#8 without a password
     */
    public record Issued(String subject, Path certificate, Path key, X509Certificate x509, PrivateKey privateKey) {}

    /** The authority's own certificate as a PEM file. */
    public Path file() {
        return folder.resolve("ca-%s.pem".formatted(plain(name.getName())));
    }

    /** Issues one for 127.0.0.1, ::1 and localhost, for servers and clients. */
    public Issued issue(String subject) {
        KeyPair own = keyPair();
        X500Principal holder = new X500Principal(subject);
        X509Certificate issued = signed(holder, own, false);
        Path certificateFile = folder.resolve(plain(subject) + ".pem");
        Path keyFile = folder.resolve(plain(subject) + ".key");
        pem(certificateFile, "CERTIFICATE", encoded(issued));
        pem(keyFile, "PRIVATE KEY", own.getPrivate().getEncoded());
        return new Issued(holder.getName(), certificateFile, keyFile, issued, own.getPrivate());
    }

    /**
     * TLS that trusts this authority.
     *
     * @param client the certificate to show; null for none
     */
    public SSLContext tls(@Nullable Issued client) {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("ca", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyStore own = emptyStore();
            if (client != null) {
                own.setKeyEntry("client", client.privateKey(), NO_PASSWORD, new Certificate[] {client.x509()});
            }
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(own, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS for the test", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no EC keys", e);
        }
    }

    private X509Certificate signed(X500Principal holder, KeyPair own, boolean authority) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(100, new SecureRandom()),
                    Date.from(now.minus(LIFE)),
                    Date.from(now.plus(LIFE)),
                    holder,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                    new GeneralName(GeneralName.iPAddress, "::1"),
                    new GeneralName(GeneralName.dNSName, "localhost")
                }));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("no certificate for " + holder, e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that cannot be written", e);
        }
    }

    private static void pem(Path file, String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        try {
            Files.writeString(file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, lines, kind));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]+", "-");
    }
}
