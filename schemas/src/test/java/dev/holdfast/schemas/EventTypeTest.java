package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.events.Producer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTypeTest {

    private static final Path GENERATED = Path.of("target/generated-sources/avro/dev/holdfast/events");

    @Test
    void everyGeneratedRecordWithAnEventIdIsAnEvent() throws Exception {
        try (Stream<Path> sources = Files.list(GENERATED)) {
            List<String> withEventId = sources.map(EventTypeTest::className)
                    .filter(EventTypeTest::hasEventId)
                    .toList();

            assertThat(withEventId)
                    .as("records with an eventId belong into the table EventType")
                    .containsExactlyInAnyOrderElementsOf(Stream.of(EventType.values())
                            .map(EventType::recordName)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEventBeginsWithTheEnvelope(EventType type) {
        assertThat(type.schema().getFields().stream().map(Schema.Field::name).limit(5))
                .containsExactly("eventId", "occurredAt", "stanza", "requestId", "producer");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeAndFieldHasADocumentation(EventType type) {
        assertThat(namedTypes(type.schema()).values()).allSatisfy(schema -> {
            assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
            if (schema.getType() == Schema.Type.RECORD) {
                assertThat(schema.getFields())
                        .allSatisfy(field -> assertThat(field.doc())
                                .as("%s.%s", schema.getName(), field.name())
                                .isNotBlank());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyEnumFallsBackToUnknownSoThatANewSymbolStopsNobody(EventType type) {
        assertThat(namedTypes(type.schema()).values())
                .filteredOn(schema -> schema.getType() == Schema.Type.ENUM)
                .allSatisfy(schema ->
                        assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN"));
    }

    @Test
    void namesAreThoseThatTheContractPromises() {
        assertThat(EventType.BACKUP_COMPLETED.subject())
                .isEqualTo("holdfast.backup.events-dev.holdfast.events.BackupCompleted");
        assertThat(EventType.RESTORE_TEST_REQUESTED.cloudEventType())
                .isEqualTo("dev.holdfast.restore-test.requested.v1");
        assertThat(Stream.of(EventType.values()).filter(type -> type.compatibility() == Compatibility.FULL_TRANSITIVE))
                .containsExactly(
                        EventType.BACKUP_REQUESTED, EventType.CANCEL_REQUESTED, EventType.RESTORE_TEST_REQUESTED);
    }

    @Test
    void subjectsAndCloudEventTypesAreDistinct() {
        assertThat(Stream.of(EventType.values()).map(EventType::subject)).doesNotHaveDuplicates();
        assertThat(Stream.of(EventType.values()).map(EventType::cloudEventType)).doesNotHaveDuplicates();
    }

    @Test
    void aRecordThatIsNoEventIsRefused() {
        assertThatThrownBy(() -> EventType.of(new Producer("cli", "here", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dev.holdfast.events.Producer");
    }

    private static Map<String, Schema> namedTypes(Schema schema) {
        Map<String, Schema> found = new LinkedHashMap<>();
        collect(schema, found);
        return found;
    }

    private static void collect(Schema schema, Map<String, Schema> found) {
        switch (schema.getType()) {
            case RECORD -> {
                if (found.put(schema.getFullName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), found));
                }
            }
            case ENUM -> found.put(schema.getFullName(), schema);
            case ARRAY -> collect(schema.getElementType(), found);
            case MAP -> collect(schema.getValueType(), found);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, found));
            default -> assertThat(schema.getType()).isNotEqualTo(Schema.Type.FIXED);
        }
    }

    private static boolean hasEventId(String className) {
        try {
            Class<?> type = Class.forName(className);
            return !type.isEnum() && ((Schema) type.getField("SCHEMA$").get(null)).getField("eventId") != null;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(className, e);
        }
    }

    private static String className(Path source) {
        return "dev.holdfast.events." + source.getFileName().toString().replace(".java", "");
    }
}
