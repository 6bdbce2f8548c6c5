package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.serde.TrustedClasses;
import dev.holdfast.schemas.serde.WireSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReleasedSchemasTest {

    ReleasedSchemasTest() {
        assertThat(new TrustedClasses()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("everyReleasedEvent")
    void theCurrentSchemaIsCompatibleWithEveryReleasedOne(Path version, EventType type) {
        assertThat(incompatibilities(type.compatibility(), type.schema(), Releases.schema(version, type)))
                .as(
                        "%s was released in %s, and a %s change of it is not allowed. Add fields with a default; never rename, remove without a default, narrow or reuse one. See schemas/README.md",
                        type.shortName(), version, type.compatibility())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theNewestReleaseIsTheCurrentContract(EventType type) {
        assertThat(
                        Files.exists(Releases.schemaFile(Releases.newest(), type))
                                ? Releases.schema(Releases.newest(), type).toString()
                                : "nothing")
                .as(
                        "%s is not what %s holds; release it: ./mvnw -pl schemas test -Dtest=ReleaseWriterTest -Dholdfast.release=vN. See schemas/README.md",
                        type.shortName(), Releases.newest())
                .isEqualTo(WireSchema.of(type.schema()).toString());
    }

    @ParameterizedTest
    @MethodSource("everyReleasedEvent")
    void aRecordOfEveryReleaseIsStillRead(Path version, EventType type) throws IOException {
        Schema then = Releases.schema(version, type);
        String json = Releases.text(Releases.goldenFile(version, type, ".json"));
        byte[] binary = Files.readAllBytes(Releases.goldenFile(version, type, ".bin"));

        Object fromBinary = current(type, then, DecoderFactory.get().binaryDecoder(binary, null));
        Object fromJson = current(type, then, DecoderFactory.get().jsonDecoder(then, json));

        assertThat(fromBinary).isInstanceOf(type.recordClass()).isEqualTo(fromJson);
    }

    @ParameterizedTest
    @MethodSource("everyReleasedEvent")
    void theBytesOfARecordNeverChange(Path version, EventType type) throws IOException {
        Schema then = Releases.schema(version, type);
        byte[] binary = Files.readAllBytes(Releases.goldenFile(version, type, ".bin"));

        GenericRecord record = new GenericDatumReader<GenericRecord>(then)
                .read(null, DecoderFactory.get().binaryDecoder(binary, null));

        assertThat(Releases.binary(record)).isEqualTo(binary);
    }

    @Test
    void aReleaseHoldsNothingThatNobodyChecks() throws IOException {
        Set<String> known = Stream.of(EventType.values())
                .map(type -> type.shortName() + ".avsc")
                .collect(Collectors.toSet());
        for (String version : Releases.versions()) {
            try (Stream<Path> files = Files.list(Releases.FOLDER.resolve(version))) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("golden")))
                        .as("an event that was released stays in EventType for ever")
                        .allMatch(known::contains);
            }
        }
    }

    @Test
    void aFieldWithoutADefaultIsFound() {
        Schema old = SchemaBuilder.record("R").fields().requiredString("a").endRecord();
        Schema breaking = SchemaBuilder.record("R")
                .fields()
                .requiredString("a")
                .requiredString("b")
                .endRecord();

        assertThat(incompatibilities(Compatibility.BACKWARD_TRANSITIVE, breaking, old))
                .isNotEmpty();
    }

    @Test
    void aRemovedFieldIsAllowedForFactsAndFoundForCommands() {
        Schema old = SchemaBuilder.record("R")
                .fields()
                .requiredString("a")
                .requiredString("b")
                .endRecord();
        Schema shorter = SchemaBuilder.record("R").fields().requiredString("a").endRecord();

        assertThat(incompatibilities(Compatibility.BACKWARD_TRANSITIVE, shorter, old))
                .isEmpty();
        assertThat(incompatibilities(Compatibility.FULL_TRANSITIVE, shorter, old))
                .isNotEmpty();
    }

    private static List<String> incompatibilities(Compatibility level, Schema current, Schema released) {
        List<String> found = new ArrayList<>(cannotRead(current, released));
        if (level == Compatibility.FULL_TRANSITIVE) {
            found.addAll(cannotRead(released, current));
        }
        return found;
    }

    private static List<String> cannotRead(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        return result.getType() == SchemaCompatibilityType.COMPATIBLE
                ? List.of()
                : List.of(result.getResult().getIncompatibilities().toString());
    }

    private static Object current(EventType type, Schema then, Decoder decoder) throws IOException {
        SpecificData model = SpecificData.getForClass(type.recordClass());
        return new SpecificDatumReader<>(then, type.schema(), model).read(null, decoder);
    }

    static Stream<Arguments> everyReleasedEvent() {
        return Releases.versions().stream()
                .map(Releases.FOLDER::resolve)
                .flatMap(version -> Stream.of(EventType.values())
                        .filter(type -> Files.exists(Releases.schemaFile(version, type)))
                        .map(type -> Arguments.of(version, type)));
    }
}
