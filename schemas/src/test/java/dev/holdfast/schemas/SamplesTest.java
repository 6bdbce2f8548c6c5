package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.schemas.serde.WireSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource
    void aSampleFitsItsSchemaAndHasNoFieldBesides(EventType type) throws IOException {
        Schema schema = WireSchema.of(type.schema());
        String sample = Releases.text(Releases.SAMPLES.resolve(type.shortName() + ".json"));

        String written = Releases.toJson(Releases.fromJson(schema, sample));

        assertThat(JSON.readTree(written))
                .as("samples/%s.json; a new field belongs into it too", type.shortName())
                .isEqualTo(JSON.readTree(sample));
        assertThat(sample).doesNotContain("UNKNOWN\"");
    }

    @Test
    void thereIsOneSampleForEveryEventAndNoneBesides() throws IOException {
        try (Stream<Path> files = Files.list(Releases.SAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(EventType.values())
                            .map(type -> type.shortName() + ".json")
                            .toList());
        }
    }
}
