package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.EventDecoder.Decoded;
import dev.holdfast.schemas.EventDecoder.Event;
import dev.holdfast.schemas.EventDecoder.Fields;
import dev.holdfast.schemas.EventDecoder.UnknownType;
import dev.holdfast.schemas.EventDecoder.Unreadable;
import dev.holdfast.schemas.serde.AvroWireDeserializer;
import dev.holdfast.schemas.serde.AvroWireSerializer;
import dev.holdfast.schemas.serde.RegistryClient;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.Decoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

    private static final String TOPIC = Topic.BACKUP_REQUESTS.wireName();
    private static final KafkaConnection CONNECTION = new KafkaConnection("unused:1", "mock://decoder", Map.of());

    private final EventDecoder decoder = new EventDecoder(CONNECTION);
    private final BackupRequested request = TestEvents.request().build();
    private final byte[] bytes = serialized(request);

    @Test
    void anEventIsRead() {
        assertThat(decoder.decode(TOPIC, bytes)).isEqualTo(new Event(request));
    }

    @Test
    void anEventOnAnotherTopicDoesNotCount() {
        assertThat(reason(decoder.decode(Topic.BACKUP_EVENTS.wireName(), bytes)))
                .isEqualTo(
                        "a BackupRequested counts on holdfast.backup.requests only, and this one lay on holdfast.backup.events");
    }

    @Test
    void aRecordOfAnUnknownTypeIsKeptAsItIs() {
        GenericRecord unknown = new GenericRecordBuilder(SchemaBuilder.record("dev.holdfast.events.FromTheFuture")
                        .fields()
                        .requiredString("stanza")
                        .endRecord())
                .set("stanza", "mcpgov")
                .build();

        assertThat(decoder.decode(TOPIC, serialized(unknown)))
                .isInstanceOfSatisfying(
                        UnknownType.class, read -> assertThat(read.event()).hasToString("{\"stanza\": \"mcpgov\"}"));
    }

    @Test
    void aFieldAndASymbolFromTheFutureStopNobody() {
        Schema future = new Schema.Parser()
                .parse(BackupRequested.getClassSchema()
                        .toString()
                        .replace("\"symbols\":[\"UNKNOWN\",\"FULL\"", "\"symbols\":[\"UNKNOWN\",\"SNAPSHOT\",\"FULL\"")
                        .replace(
                                "\"fields\":[{\"name\":\"eventId\"",
                                "\"fields\":[{\"name\":\"mood\",\"type\":\"string\"},{\"name\":\"eventId\""));
        GenericRecord record = new GenericData.Record(future);
        request.getSchema().getFields().forEach(field -> record.put(field.name(), wire(request, field)));
        record.put("mood", "good");
        record.put("type", new GenericData.EnumSymbol(future.getField("type").schema(), "SNAPSHOT"));

        assertThat(decoder.decode(TOPIC, serialized(record)))
                .isInstanceOfSatisfying(
                        Event.class,
                        read -> assertThat(((BackupRequested) read.event()).getType())
                                .hasToString("UNKNOWN"));
    }

    @Test
    void nothingGarbageAndStumpsAreUnreadableWithAReason() {
        assertThat(reason(decoder.decode(TOPIC, null))).contains("no value");
        assertThat(reason(decoder.decode(TOPIC, new byte[0]))).contains("0 bytes");
        assertThat(reason(decoder.decode(TOPIC, "{\"stanza\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .contains("zero byte");
        assertThat(reason(decoder.decode(TOPIC, Arrays.copyOf(bytes, bytes.length - 1))))
                .contains("not a record of schema");
        assertThat(reason(decoder.decode(TOPIC, Arrays.copyOf(bytes, bytes.length + 1))))
                .contains("bytes are left over");
    }

    @Test
    void aSchemaThatTheRegistryDoesNotKnowIsUnreadable() {
        assertThat(reason(decoder.decode(TOPIC, withId(bytes, 9999)))).contains("9999");
        assertThat(reason(decoder.decode(TOPIC, withId(bytes, -1)))).contains("-1");
        assertThat(reason(decoder.decode(TOPIC, withId(bytes, 0)))).contains("begin with 1");
    }

    @Test
    void aSchemaThatNamesAnotherClassOfThisProgramIsHarmless() {
        GenericRecord record = new GenericRecordBuilder(SchemaBuilder.record("java.util.ArrayList")
                        .fields()
                        .requiredString("a")
                        .endRecord())
                .set("a", "b")
                .build();

        assertThat(decoder.decode(TOPIC, serialized(record))).isNotInstanceOf(Event.class);
    }

    @Test
    void aRecordThatNestsItselfWithoutEndIsUnreadable() {
        int id = RegistryClient.of(CONNECTION.serde())
                .register(
                        "s",
                        new Schema.Parser()
                                .parse(
                                        "{\"type\":\"record\",\"name\":\"Nest\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Nest\"]}]}"));
        byte[] deep = new byte[1_000_000];
        Arrays.fill(deep, (byte) 2);

        assertThat(reason(decoder.decode(TOPIC, withId(deep, id)))).contains("StackOverflowError");
    }

    @Test
    void noBytesMakeTheDecoderThrow() {
        Random random = new Random(20261122);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (i % 2 == 0 && noise.length >= 5) {
                // half of them with a schema that exists
                System.arraycopy(bytes, 0, noise, 0, 5);
            }

            assertThat(decoder.decode(TOPIC, noise)).as("round %d", i).isNotNull();
        }
    }

    @Test
    void aGoodRecordWithOneByteChangedMakesTheDecoderThrowNever() {
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << bit);

                assertThat(decoder.decode(TOPIC, changed))
                        .as("byte %d bit %d", i, bit)
                        .isNotNull();
            }
        }
    }

    @Test
    void aDeserializerThatGivesUpWhenTheRegistryIsAwayIsAskedAgain() {
        KafkaConnection others = new KafkaConnection(
                "unused:1", "mock://decoder", Map.of("value.deserializer", Impatient.class.getName()));
        try (EventDecoder patient = new EventDecoder(others)) {
            assertThat(patient.decode(TOPIC, bytes)).isEqualTo(new Unreadable("asked twice"));
        }
    }

    @Test
    void fieldsAreReadAsTheirWriterWroteThem() {
        assertThat(decoder.read(TOPIC, bytes, EventDecoderTest::firstField))
                .isEqualTo(new Fields.Read<>(request.getEventId().toString()));
    }

    @Test
    void fieldsOfAnothersDeserializerAreReadTheSame() {
        KafkaConnection others = new KafkaConnection(
                "unused:1",
                "mock://decoder",
                Map.of("value.deserializer", Another.class.getName(), "specific.avro.reader", "false"));
        try (EventDecoder another = new EventDecoder(others)) {
            assertThat(another.read(TOPIC, bytes, EventDecoderTest::firstField))
                    .isEqualTo(new Fields.Read<>(request.getEventId().toString()));
        }
    }

    @Test
    void fieldsThatCannotBeReadAreRefusedWithAReason() {
        assertThat(refusal(decoder.read(TOPIC, null, EventDecoderTest::firstField)))
                .contains("no value");
        assertThat(refusal(decoder.read(TOPIC, new byte[] {1}, EventDecoderTest::firstField)))
                .contains("zero byte");
        assertThat(refusal(decoder.read(TOPIC, withId(bytes, 9999), EventDecoderTest::firstField)))
                .contains("9999");
        assertThat(refusal(decoder.read(TOPIC, bytes, (writer, fields) -> fields.readString())))
                .contains("bytes are left over");
        assertThat(refusal(decoder.read(TOPIC, Arrays.copyOf(bytes, 9), EventDecoderTest::firstField)))
                .contains("not a record of schema");
    }

    private static String firstField(Schema writer, Decoder fields) throws IOException {
        String first = fields.readString();
        // the rest must be read too
        for (Schema.Field field :
                writer.getFields().subList(1, writer.getFields().size())) {
            GenericDatumReader.skip(field.schema(), fields);
        }
        return first;
    }

    private static String refusal(Fields<String> fields) {
        assertThat(fields).isInstanceOf(Fields.Refused.class);
        return ((Fields.Refused<String>) fields).reason();
    }

    /** Not ours, and gives generic records. */
    public static final class Another implements Deserializer<Object> {

        private final AvroWireDeserializer within = new AvroWireDeserializer();

        @Override
        public void configure(Map<String, ?> configuration, boolean isKey) {
            within.configure(configuration, isKey);
        }

        @Override
        public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
            return within.deserialize(topic, data);
        }
    }

    /** As Confluent's: gives up with what its connection threw. */
    public static final class Impatient implements Deserializer<Object> {

        private boolean asked;

        @Override
        public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
            if (asked) {
                throw new SerializationException("asked twice");
            }
            asked = true;
            throw new SerializationException("Error retrieving Avro schema", new ConnectException("refused"));
        }
    }

    private static @Nullable Object wire(BackupRequested event, Schema.Field field) {
        // generic records take what is on the wire, not what it means in Java
        Map<String, Object> asWire = new HashMap<>(Map.of(
                "eventId",
                event.getEventId().toString(),
                "occurredAt",
                1L,
                "requestId",
                event.getRequestId().toString(),
                "type",
                "FULL"));
        return asWire.getOrDefault(field.name(), event.get(field.pos()));
    }

    private static String reason(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Unreadable.class);
        return ((Unreadable) decoded).reason();
    }

    private static byte[] withId(byte[] bytes, int id) {
        byte[] changed = bytes.clone();
        changed[0] = 0;
        ByteBuffer.wrap(changed, 1, 4).putInt(id);
        return changed;
    }

    private static byte[] serialized(GenericRecord record) {
        try (AvroWireSerializer serializer = new AvroWireSerializer()) {
            serializer.configure(CONNECTION.serde(), false);
            byte[] bytes = serializer.serialize(TOPIC, record);
            return Objects.requireNonNull(bytes);
        }
    }
}
