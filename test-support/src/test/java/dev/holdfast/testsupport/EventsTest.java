package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.serde.AvroWireDeserializer;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventsTest {

    private final Map<EventType, SpecificRecord> made = new HashMap<>();

    EventsTest() throws ReflectiveOperationException {
        for (Method factory : factories()) {
            Object builder = factory.invoke(null, arguments(factory));
            SpecificRecord event =
                    (SpecificRecord) builder.getClass().getMethod("build").invoke(builder);
            EventType.of(event.getSchema()).ifPresent(type -> made.put(type, event));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEventCanBeMadeWithoutThought(EventType type) {
        assertThat(made).containsKey(type);
    }

    @Test
    void whatIsReadAgainEqualsWhatWasWritten() {
        try (AvroWireSerializer serializer = new AvroWireSerializer();
                AvroWireDeserializer deserializer = new AvroWireDeserializer()) {
            Map<String, Object> settings = new KafkaConnection("unused:1", "mock://events", Map.of()).serde();
            serializer.configure(settings, false);
            deserializer.configure(settings, false);

            assertThat(made.values()).allSatisfy(event -> {
                byte[] bytes = serializer.serialize("topic", (SpecificRecordBase) event);
                assertThat(deserializer.deserialize("topic", bytes)).isEqualTo(event);
            });
        }
    }

    private static List<Method> factories() {
        return Stream.of(Events.class, ProofEvents.class, PolicyEvents.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType().getSimpleName().equals("Builder"))
                .toList();
    }

    private static Object[] arguments(Method factory) {
        return Arrays.stream(factory.getParameterTypes())
                .map(type -> type == UUID.class
                        ? UUID.randomUUID()
                        : type == String[].class ? new String[] {"mcpgov"} : "mcpgov")
                .toArray();
    }
}
