package dev.holdfast.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with the registry. Refusals (4xx) are the caller's; everything that may pass (no connection, 5xx, 408,
 * 429) is tried again until it has passed.
 */
final class RegistryTransport {

    private static final Logger LOGGER = LoggerFactory.getLogger(RegistryTransport.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final List<String> urls;
    private final @Nullable String authorization;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    RegistryTransport(String urls, @Nullable Object userInfo) {
        this.urls = Arrays.stream(urls.split(","))
                .map(url -> url.strip().replaceAll("/+$", ""))
                .toList();
        this.authorization = userInfo == null
                ? null
                : "Basic "
                        + Base64.getEncoder().encodeToString(userInfo.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends until there is an answer.
     *
     * @throws SerializationException if the registry refuses
     * @throws InterruptException if the thread is interrupted while it waits
     */
    JsonNode send(String method, String path, @Nullable String body) {
        Duration pause = FIRST_PAUSE;
        for (int turn = 0; ; turn++) {
            String url = urls.get(turn % urls.size()) + path;
            try {
                HttpResponse<String> response =
                        client.send(request(method, url, body), HttpResponse.BodyHandlers.ofString());
                if (!mayPass(response.statusCode())) {
                    return answer(url, response);
                }
                LOGGER.warn("schema registry answers {} to {} {}; waiting for it", response.statusCode(), method, url);
            } catch (IOException e) {
                LOGGER.warn("schema registry cannot be reached ({} {}: {}); waiting for it", method, url, e.toString());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            pause = sleep(pause);
        }
    }

    private HttpRequest request(String method, String url, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Accept", MEDIA_TYPE + ", application/json")
                .header("Content-Type", MEDIA_TYPE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private static boolean mayPass(int status) {
        return status >= 500 || status == 408 || status == 429;
    }

    private static JsonNode answer(String url, HttpResponse<String> response) throws IOException {
        if (response.statusCode() >= 300) {
            throw new SerializationException(
                    "schema registry refuses %s with %d: %s".formatted(url, response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }

    private static Duration sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
}
