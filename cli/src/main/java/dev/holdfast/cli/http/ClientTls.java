package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS with an authority of one's own, and with the user's certificate, from PEM files. */
final class ClientTls {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final List<String> KINDS = List.of("EC", "RSA", "EdDSA");
    private static final char[] NO_PASSWORD = new char[0];

    private final SSLSocketFactory sockets;

    private ClientTls(SSLSocketFactory sockets) {
        this.sockets = sockets;
    }

    SSLSocketFactory sockets() {
        return sockets;
    }

    /**
     * Reads the files.
     *
     * @param authorities whom to trust; empty for those of the Java platform
     * @param certificate the user's; empty for none
     * @param key its key, PKCS#8 without a password
     * @throws CommandFailure if a file cannot be read or does not hold that
     */
    static ClientTls of(String authorities, String certificate, String key) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    certificate.isBlank() ? null : holder(certificate, key),
                    authorities.isBlank() ? null : trusted(authorities),
                    new SecureRandom());
            return new ClientTls(context.getSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            throw CommandFailure.usage("TLS cannot be set up from %s: %s"
                    .formatted(List.of(authorities, certificate, key), e.getMessage()));
        }
    }

    private static TrustManager[] trusted(String file) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        for (Certificate authority : certificates(Credentials.TLS_CA, file)) {
            store.setCertificateEntry("ca-" + store.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static KeyManager[] holder(String certificate, String key) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "user",
                privateKey(key),
                NO_PASSWORD,
                certificates(Credentials.TLS_CERTIFICATE, certificate).toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String setting, String file)
            throws GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(text(setting, file).getBytes(StandardCharsets.UTF_8)));
        if (found.isEmpty()) {
            throw CommandFailure.usage(
                    "%s names %s, which holds no certificate; expected a PEM file".formatted(setting, file));
        }
        return found;
    }

    private static PrivateKey privateKey(String file) throws GeneralSecurityException {
        Matcher pem = KEY.matcher(text(Credentials.TLS_KEY, file));
        if (!pem.find()) {
            throw CommandFailure.usage(
                    "%s is '%s', which holds no key in PKCS#8 without a password; make one with: openssl pkcs8 -topk8 -nocrypt"
                            .formatted(Credentials.TLS_KEY, file));
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        @Nullable InvalidKeySpecException last = null;
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw new GeneralSecurityException("the key is of none of the kinds " + KINDS, last);
    }

    private static String text(String setting, String file) {
        try {
            return file.isBlank() ? "" : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw CommandFailure.usage("%s names %s, which cannot be read: %s".formatted(setting, file, e));
        }
    }
}
