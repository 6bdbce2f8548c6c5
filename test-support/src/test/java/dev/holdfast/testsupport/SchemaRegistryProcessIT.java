package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.serde.RegistryClient;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class SchemaRegistryProcessIT {

    @Test
    void aRegistryThatIsStartedAgainStillHasItsSchemas() {
        var schema = SchemaBuilder.record("R").fields().requiredString("a").endRecord();
        try (SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry()) {
            int id = client(registry).register("subject", schema);

            registry.stop();
            registry.start();

            assertThat(client(registry).byId(id)).isEqualTo(schema);
        }
    }

    private static RegistryClient client(SchemaRegistryProcess registry) {
        return RegistryClient.of(Map.of("schema.registry.url", registry.url()));
    }
}
