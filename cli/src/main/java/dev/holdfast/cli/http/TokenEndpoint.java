package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect provider that gives a program a token for its own name and secret (client credentials). */
final class TokenEndpoint {

    private static final int MILLIS = 10_000;

    private final String issuer;
    private final Consumer<HttpURLConnection> encryption;

    /**
     * A provider.
     *
     * @param issuer its base URL, as in the tokens' {@code iss}
     * @param encryption sets up TLS
     */
    TokenEndpoint(String issuer, Consumer<HttpURLConnection> encryption) {
        if (!issuer.startsWith("https://") && !issuer.startsWith("http://")) {
            throw CommandFailure.usage("%s is '%s'; expected the provider's URL, as in the tokens' iss"
                    .formatted(Credentials.ISSUER, issuer));
        }
        Credentials.refuseInTheClear(issuer);
        this.issuer = issuer.replaceAll("/+$", "");
        this.encryption = encryption;
    }

    /**
     * Asks for a token.
     *
     * @param scope what it shall be good for; empty for the client's default
     */
    String token(String client, String secret, String scope) throws IOException {
        String endpoint = answer(open(issuer + "/.well-known/openid-configuration"))
                .text("token_endpoint")
                .orElseThrow(() -> refused("its discovery document names no token_endpoint"));
        Credentials.refuseInTheClear(endpoint);
        HttpURLConnection connection = open(endpoint);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.setRequestProperty("Authorization", "Basic " + basic(client, secret));
        String body = "grant_type=client_credentials" + (scope.isBlank() ? "" : "&scope=" + encoded(scope));
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        return answer(connection).text("access_token").orElseThrow(() -> refused("its answer has no access_token"));
    }

    private HttpURLConnection open(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        connection.setInstanceFollowRedirects(false);
        encryption.accept(connection);
        return connection;
    }

    private Doc answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (@Nullable InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
            if (status != HttpURLConnection.HTTP_OK) {
                throw refused("it answers %d %s".formatted(status, errorIn(text)));
            }
            return Doc.of(Json.read(text));
        }
    }

    private static String errorIn(String text) {
        try {
            Doc answer = Doc.of(Json.read(text));
            return answer.text("error_description")
                    .or(() -> answer.text("error"))
                    .orElse("");
        } catch (IOException notJson) {
            return "";
        }
    }

    private CommandFailure refused(String why) {
        return CommandFailure.refused("%s gives no token: %s. See whether %s and the secret are right"
                .formatted(issuer, why, Credentials.CLIENT_ID));
    }

    /** RFC 6749: both parts are form-encoded before they are joined. */
    private static String basic(String client, String secret) {
        String joined = encoded(client) + ":" + encoded(secret);
        return Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
