package dev.holdfast.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with the registry. Everything that may pass (no connection, 5xx, 408, 429) is tried again until it has
 * passed. What a refusal (4xx) means depends on what was asked: see {@link #send} and {@link #fetch}.
 */
final class RegistryTransport {

    private static final Logger LOGGER = LoggerFactory.getLogger(RegistryTransport.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Pattern URL = Pattern.compile("https?://[^\\s/]+.*");
    /** For a connection, and for each answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final List<String> urls;
    private final HttpClient client;
    private final @Nullable String authorization;

    /**
     * @param urls base URLs, separated by commas
     * @param userInfo {@code user:password}; null for none
     * @throws ConfigException if one of the URLs is none
     */
    RegistryTransport(String urls, @Nullable String userInfo) {
        this.urls = Arrays.stream(urls.split(","))
                .map(url -> checked(url.strip().replaceAll("/+$", "")))
                .toList();
        this.client = this.urls.stream().allMatch(url -> url.startsWith("http:"))
                ? RegistryClients.plain()
                : RegistryClients.secure();
        this.authorization = userInfo == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Asks for something to be done, and repeats it until there is an answer.
     *
     * @throws RegistryRefusal if the registry refuses
     * @throws InterruptException if the thread is interrupted while it waits
     */
    JsonNode send(String method, String path, @Nullable String body) {
        return exchange(method, path, body, response -> mayPass(response.statusCode()));
    }

    /**
     * Reads something that a record at hand needs. Only the registry's own word that it does not exist is final: a wrong
     * password or a wrong address (404 from something that is no registry) is waited for too, because it is no fault of
     * the record, and taking it for one would throw away every good record.
     *
     * @throws RegistryRefusal if it does not exist
     * @throws InterruptException if the thread is interrupted while it waits
     */
    JsonNode fetch(String path) {
        return exchange("GET", path, null, response -> response.statusCode() >= 300 && !isRegistrysNotFound(response));
    }

    private JsonNode exchange(
            String method, String path, @Nullable String body, Predicate<HttpResponse<String>> isWaitedFor) {
        Duration pause = FIRST_PAUSE;
        for (int turn = 0; ; turn++) {
            String url = urls.get(turn % urls.size()) + path;
            try {
                HttpResponse<String> response =
                        client.send(request(method, url, body), HttpResponse.BodyHandlers.ofString());
                if (!isWaitedFor.test(response)) {
                    return answer(url, response);
                }
                LOGGER.warn(
                        "schema registry answers {} to {} {}; waiting until it answers otherwise. Is HOLDFAST_REGISTRY right?",
                        response.statusCode(),
                        method,
                        url);
            } catch (IOException e) {
                LOGGER.warn("schema registry cannot be reached ({} {}: {}); waiting for it", method, url, e.toString());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            pause = sleep(pause);
        }
    }

    private static String checked(String url) {
        if (!URL.matcher(url).matches()) {
            throw new ConfigException(
                    "schema.registry.url", url, "expected http://host:port/path or https://host:port/path");
        }
        return url;
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
            throw new RegistryRefusal(
                    response.statusCode(),
                    "schema registry refuses %s with %d: %s".formatted(url, response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** True if the body is the registry's error document, so that somebody who knows the schemas has answered. */
    private static boolean isRegistrysNotFound(HttpResponse<String> response) {
        if (response.statusCode() != 404) {
            return false;
        }
        try {
            return JSON.readTree(response.body()).has("error_code");
        } catch (JsonProcessingException e) {
            return false;
        }
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
