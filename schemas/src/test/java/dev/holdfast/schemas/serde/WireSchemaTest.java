package dev.holdfast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.EventType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireSchemaTest {

    @ParameterizedTest
    @EnumSource
    void theSchemaInTheRegistryHasNoHintsForJavaAndMeansTheSame(EventType type) {
        Schema wire = WireSchema.of(type.schema());

        assertThat(wire.toString()).doesNotContain("java").contains("timestamp-micros", "\"doc\"");
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(type.schema(), wire)
                        .getType())
                .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
        assertThat(WireSchema.of(wire)).isEqualTo(wire);
    }
}
