package dev.holdfast.cli.http;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One service's HTTP.
 *
 * <p>On {@link HttpURLConnection} although it is old: it answers about 0.3 s earlier than {@code java.net.http.HttpClient} in
 * a process that sends one request (measured: docs/decisions/0007).
 */
public final class JsonHttp {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 30_000;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String service;
    private final String baseUrl;
    private final String flag;
    private final Credentials credentials;

    /**
     * Opens nothing yet.
     *
     * @param service its name for people, such as {@code the catalog}
     * @param baseUrl its address without a slash at the end
     * @param flag the option that names another address
     * @param credentials how the user proves who they are
     */
    public JsonHttp(String service, String baseUrl, String flag, Credentials credentials) {
        this.service = service;
        this.baseUrl = baseUrl;
        this.flag = flag;
        this.credentials = credentials;
    }

    /**
     * An answer.
     *
     * @param status the HTTP status, below 500
     * @param body its JSON; empty if it has none
     */
    public record Answer(int status, Doc body) {

        /** True if the service did what was asked. */
        public boolean isGood() {
            return status < 300;
        }

        /** What went wrong in the service's own words (RFC 9457), or the status. */
        public String problem() {
            return body.text("detail").or(() -> body.text("title")).orElse("HTTP status " + status);
        }
    }

    /** Reads a resource. */
    public Answer get(String path) {
        return send("GET", path, null, "application/json");
    }

    /**
     * Sends anything else.
     *
     * @param body what to send; null for nothing
     * @param contentType its media type
     * @throws CommandFailure if the service cannot be reached or is out of order
     */
    public Answer send(String method, String path, @Nullable String body, String contentType) {
        try {
            return exchange(method, path, body, contentType);
        } catch (IOException e) {
            throw unreachable(why(e));
        }
    }

    private static String why(IOException failure) {
        return switch (failure) {
            case UnknownHostException unknown -> "the host name is unknown";
            case SocketTimeoutException silent -> "no answer in time";
            case SSLException tls ->
                "TLS: %s; HOLDFAST_TLS_CA names the authority to trust, HOLDFAST_TLS_CERTIFICATE the certificate to show"
                        .formatted(tls.getMessage());
            default -> String.valueOf(failure.getMessage());
        };
    }

    /** A query string of the parameters that have a value, with its question mark; empty if none has. */
    public static String query(List<Map.Entry<String, String>> parameters) {
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, String> parameter : parameters) {
            if (!parameter.getValue().isEmpty()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.getKey())
                        .append('=')
                        .append(encoded(parameter.getValue()));
            }
        }
        return query.toString();
    }

    /** One segment of a path. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Answer exchange(String method, String path, @Nullable String body, String contentType) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(baseUrl + path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        // what proves who the user is shall go nowhere else
        connection.setInstanceFollowRedirects(false);
        credentials.giveTo(connection);
        connection.setRequestMethod(method);
        connection.setRequestProperty("Accept", "application/json, application/problem+json");
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", contentType);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        int status = connection.getResponseCode();
        String text = text(status < 400 ? connection.getInputStream() : connection.getErrorStream());
        return answer(status, text);
    }

    private Answer answer(int status, String text) {
        Doc body;
        try {
            body = Doc.of(text.isBlank() ? null : Json.read(text));
        } catch (IOException e) {
            if (status < 300) {
                throw unreachable("it answers, but not with JSON: is that address really " + service + "?");
            }
            body = Doc.empty();
        }
        Answer answer = new Answer(status, body);
        refuseIfTurnedAway(answer);
        if (status >= 500) {
            throw unreachable("it answers %d: %s".formatted(status, answer.problem()));
        }
        return answer;
    }

    private void refuseIfTurnedAway(Answer answer) {
        switch (answer.status()) {
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                throw CommandFailure.refused("%s at %s wants to know who asks: %s. %s"
                        .formatted(service, baseUrl, answer.problem(), Credentials.remedy()));
            case HttpURLConnection.HTTP_FORBIDDEN, TOO_MANY_REQUESTS ->
                throw CommandFailure.refused(
                        "%s at %s turns this away: %s".formatted(service, baseUrl, answer.problem()));
            default -> {}
        }
    }

    private CommandFailure unreachable(String why) {
        return CommandFailure.unreachable(
                service,
                baseUrl,
                why,
                "Start the local stack with ./holdfast up, or name another address with " + flag + ".");
    }

    private static String text(@Nullable InputStream stream) throws IOException {
        if (stream == null) {
            return "";
        }
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
