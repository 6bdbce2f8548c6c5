package dev.holdfast.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.SchemaBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RegistryOutageIT {

    private final BackupRequested request = Events.backupRequested("mcpgov").build();

    @Test
    void aReaderWaitsForARegistryThatIsDownAndThenDecodes() {
        try (SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry()) {
            byte[] bytes = Wire.serialized(connection(registry.url()).serde(), request);
            registry.stop();
            // another address, so that this reader has learnt nothing from the writer
            KafkaConnection stranger = connection(registry.url() + "/,http://127.0.0.1:1");

            CompletableFuture<EventDecoder.Decoded> decoded =
                    CompletableFuture.supplyAsync(() -> decode(stranger, bytes));

            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !decoded.isDone());
            registry.start();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(decoded::isDone);
            assertThat(decoded.join()).isEqualTo(new EventDecoder.Event(request));
        }
    }

    @Test
    void schemasThatTheProcessHasMetAreWrittenAndReadWhileTheRegistryIsDown() {
        try (SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry()) {
            KafkaConnection connection = connection(registry.url());
            Wire.serialized(connection.serde(), request);

            registry.stop();

            byte[] bytes = Wire.serialized(connection.serde(), request);
            assertThat(decode(connection, bytes)).isEqualTo(new EventDecoder.Event(request));
        }
    }

    @Test
    void aRegistryThatIsStartedAgainHasItsSchemasUnderTheirIds() {
        var schema = SchemaBuilder.record("Kept").fields().requiredString("a").endRecord();
        try (SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry()) {
            int id = RegistryClient.of(Map.of("schema.registry.url", registry.url()))
                    .register("kept", schema);

            registry.stop();
            registry.start();

            HttpResponse<String> answer = Wire.ask("GET", registry.url() + "/schemas/ids/" + id, "");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Kept");
        }
    }

    private static EventDecoder.Decoded decode(KafkaConnection connection, byte[] bytes) {
        try (EventDecoder decoder = new EventDecoder(connection)) {
            return decoder.decode(Wire.TOPIC, bytes);
        }
    }

    private static KafkaConnection connection(String registryUrl) {
        return new KafkaConnection("unused:1", registryUrl, Map.of());
    }
}
