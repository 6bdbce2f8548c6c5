package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * How the user proves who they are, from settings: never from the command line, which every user of the host can read.
 * Nothing is read or asked for before a request needs it.
 */
public final class Credentials {

    /** {@code HOLDFAST_TOKEN}, default none: a bearer token for catalog and scheduler. */
    public static final String TOKEN = "HOLDFAST_TOKEN";

    /** {@code HOLDFAST_TOKEN_FILE}, default none: a file with a bearer token. */
    public static final String TOKEN_FILE = "HOLDFAST_TOKEN_FILE";

    /** {@code HOLDFAST_OIDC_ISSUER}, default none: base URL of an OpenID Connect provider that gives this client a token. */
    public static final String ISSUER = "HOLDFAST_OIDC_ISSUER";

    /** {@code HOLDFAST_CLIENT_ID}, default none: the client's name there. */
    public static final String CLIENT_ID = "HOLDFAST_CLIENT_ID";

    /** {@code HOLDFAST_CLIENT_SECRET}, default none: its secret. */
    public static final String CLIENT_SECRET = "HOLDFAST_CLIENT_SECRET";

    /** {@code HOLDFAST_CLIENT_SECRET_FILE}, default none: a file with its secret. */
    public static final String CLIENT_SECRET_FILE = "HOLDFAST_CLIENT_SECRET_FILE";

    /** {@code HOLDFAST_CLIENT_SCOPE}, default none: what to ask the provider for. */
    public static final String CLIENT_SCOPE = "HOLDFAST_CLIENT_SCOPE";

    /** {@code HOLDFAST_TLS_CA}, default the Java platform's authorities: PEM file of those that the services' certificates are trusted by. */
    public static final String TLS_CA = "HOLDFAST_TLS_CA";

    /** {@code HOLDFAST_TLS_CERTIFICATE}, default none: PEM file of the user's certificate. */
    public static final String TLS_CERTIFICATE = "HOLDFAST_TLS_CERTIFICATE";

    /** {@code HOLDFAST_TLS_KEY}, default none: PEM file of its key, PKCS#8 without a password. */
    public static final String TLS_KEY = "HOLDFAST_TLS_KEY";

    private final Map<String, String> settings;
    private @Nullable String token;
    private @Nullable ClientTls tls;

    /** Credentials from settings by the names above; others are passed over. */
    public Credentials(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    /**
     * Gives a connection what the user has.
     *
     * @throws CommandFailure if a file cannot be read, the provider gives no token, or a token would travel in the clear
     */
    void giveTo(HttpURLConnection connection) throws IOException {
        encrypt(connection);
        String bearer = bearer();
        if (!bearer.isEmpty()) {
            refuseInTheClear(connection.getURL().toString());
            connection.setRequestProperty("Authorization", "Bearer " + bearer);
        }
    }

    /** What to set, for somebody who was turned away. */
    static String remedy() {
        return "Set %s or %s, or %s with %s and %s, or %s and %s, in the environment or in a profile (docs/security.md)."
                .formatted(TOKEN, TOKEN_FILE, ISSUER, CLIENT_ID, CLIENT_SECRET_FILE, TLS_CERTIFICATE, TLS_KEY);
    }

    private void encrypt(HttpURLConnection connection) {
        if (connection instanceof HttpsURLConnection encrypted && (isSet(TLS_CA) || isSet(TLS_CERTIFICATE))) {
            if (tls == null) {
                tls = ClientTls.of(text(TLS_CA), text(TLS_CERTIFICATE), text(TLS_KEY));
            }
            encrypted.setSSLSocketFactory(tls.sockets());
        }
    }

    private String bearer() throws IOException {
        if (token == null) {
            token = found();
        }
        return token;
    }

    private String found() throws IOException {
        if (isSet(TOKEN)) {
            return text(TOKEN).strip();
        }
        if (isSet(TOKEN_FILE)) {
            return content(TOKEN_FILE);
        }
        if (isSet(CLIENT_ID)) {
            String secret = isSet(CLIENT_SECRET) ? text(CLIENT_SECRET) : content(CLIENT_SECRET_FILE);
            return new TokenEndpoint(text(ISSUER), this::encrypt).token(text(CLIENT_ID), secret, text(CLIENT_SCOPE));
        }
        return "";
    }

    private String content(String name) {
        if (!isSet(name)) {
            throw CommandFailure.usage(
                    "%s is set, but neither %s nor %s is".formatted(CLIENT_ID, CLIENT_SECRET, CLIENT_SECRET_FILE));
        }
        try {
            return Files.readString(Path.of(text(name))).strip();
        } catch (IOException | UncheckedIOException e) {
            throw CommandFailure.usage("%s names %s, which cannot be read: %s".formatted(name, text(name), e));
        }
    }

    private boolean isSet(String name) {
        return !text(name).isBlank();
    }

    private String text(String name) {
        return settings.getOrDefault(name, "");
    }

    /** Whoever listens on the way could use it. Loopback has no way. */
    static void refuseInTheClear(String url) {
        URI address = URI.create(url);
        if (!"https".equals(address.getScheme()) && !isLoopback(address.getHost())) {
            throw CommandFailure.usage(
                    "%s://%s is not encrypted, and a token or secret would travel in the clear; name the service's https:// address"
                            .formatted(address.getScheme(), address.getAuthority()));
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
