package dev.holdfast.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.Compatibility;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.schemas.serde.WireSchema;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class CompatibilityIT {

    private final KafkaConnection connection =
            connection(SchemaRegistryProcess.shared().url());

    @Test
    void aSubjectThatAProducerRegisteredFirstGetsItsLevelAllTheSame() {
        try (SchemaRegistryProcess fresh = SchemaRegistryProcess.ownRegistry()) {
            KafkaConnection toFresh = connection(fresh.url());
            Wire.serialized(toFresh.serde(), Events.backupRequested("mcpgov").build());

            new ContractProvisioner(toFresh).provisionSubjects();

            assertThat(RegistryClient.of(toFresh.serde()).compatibility(EventType.BACKUP_REQUESTED.subject()))
                    .isEqualTo(Optional.of(Compatibility.FULL_TRANSITIVE.name()));
        }
    }

    @Test
    void theRegistryRefusesAChangeThatWouldMakeOldRecordsUnreadable() {
        new ContractProvisioner(connection).provisionSubjects();
        EventType type = EventType.BACKUP_REQUESTED;
        Schema breaking = new Schema.Parser()
                .parse(WireSchema.of(type.schema())
                        .toString()
                        .replace(
                                "\"fields\":[{\"name\":\"eventId\"",
                                "\"fields\":[{\"name\":\"urgency\",\"type\":\"int\"},{\"name\":\"eventId\""));

        assertThatThrownBy(() -> RegistryClient.of(connection.serde()).register(type.subject(), breaking))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("409");
    }

    private static KafkaConnection connection(String registryUrl) {
        return new KafkaConnection("unused:1", registryUrl, Map.of());
    }
}
