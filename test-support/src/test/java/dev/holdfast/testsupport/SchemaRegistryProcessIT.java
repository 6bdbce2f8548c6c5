package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.serde.RegistryClient;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class SchemaRegistryProcessIT {

    @Test
    void aRegistryThatIsStartedAgainAnswersAtTheSameAddress() {
        try (SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry()) {
            client(registry)
                    .register("subject", SchemaBuilder.record("R").fields().endRecord());
            String url = registry.url();

            registry.stop();
            registry.start();

            assertThat(registry.url()).isEqualTo(url);
            assertThat(client(registry).subjects()).containsExactly("subject");
        }
    }

    private static RegistryClient client(SchemaRegistryProcess registry) {
        return RegistryClient.of(Map.of("schema.registry.url", registry.url()));
    }
}
