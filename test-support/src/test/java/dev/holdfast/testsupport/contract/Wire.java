package dev.holdfast.testsupport.contract;

import dev.holdfast.schemas.Topic;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;

/** The bytes of records, and the registry as a plain HTTP client sees it: past every cache of ours. */
final class Wire {

    static final String TOPIC = Topic.BACKUP_REQUESTS.wireName();

    private Wire() {}

    static byte[] serialized(Map<String, Object> settings, GenericRecord record) {
        try (AvroWireSerializer serializer = new AvroWireSerializer()) {
            serializer.configure(settings, false);
            return Objects.requireNonNull(serializer.serialize(TOPIC, record));
        }
    }

    static HttpResponse<String> ask(String method, String url, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + url, e);
        }
    }
}
