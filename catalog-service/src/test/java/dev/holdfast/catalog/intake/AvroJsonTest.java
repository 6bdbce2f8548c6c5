package dev.holdfast.catalog.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class AvroJsonTest {

    private static final Schema INSTANT = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    private static final Schema SCHEMA = SchemaBuilder.record("Anything")
            .fields()
            .requiredString("text")
            .name("at")
            .type(INSTANT)
            .noDefault()
            .optionalString("absent")
            .requiredDouble("real")
            .requiredBytes("bytes")
            .name("list")
            .type()
            .array()
            .items()
            .intType()
            .noDefault()
            .name("map")
            .type()
            .map()
            .values()
            .booleanType()
            .noDefault()
            .endRecord();

    private static GenericRecordBuilder anything() {
        return new GenericRecordBuilder(SCHEMA)
                .set("text", "plain")
                .set("at", 1_500_000L)
                .set("real", 0.5)
                .set("bytes", ByteBuffer.wrap(new byte[] {1, 2}))
                .set("list", List.of(1, 2))
                .set("map", Map.of("k", true));
    }

    private static EventFields read(GenericRecord record, Optional<String> traceparent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return new AvroJson()
                .read(record.getSchema(), DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null), traceparent);
    }

    private static String json(GenericRecord record) throws IOException {
        return read(record, Optional.empty()).json().toString();
    }

    @Test
    void everyFieldIsWrittenAsPeopleReadIt() throws IOException {
        assertThat(json(anything().build())).isEqualTo("""
                        {"text":"plain","at":"1970-01-01T00:00:01.500Z","absent":null,"real":0.5,"bytes":"AQI=","list":[1,2],"map":{"k":true}}""");
    }

    @Test
    void charactersThatJsonOrPostgresqlCannotHoldAreEscapedOrReplaced() throws IOException {
        assertThat(json(anything().set("text", "a\"\\\n\u0001\0z").build()))
                .startsWith("{\"text\":\"a\\\"\\\\\\n\\u0001\\ufffdz\"");
    }

    @Test
    void textOfAllLanguagesIsKeptAndWhatIsNoTextIsReplaced() throws IOException {
        String languages = "Größe \"größer\" 数据库 🐘";
        Utf8 broken = new Utf8(new byte[] {'a', (byte) 0xff, 'b'});

        assertThat(json(anything().set("text", languages).build()))
                .startsWith("{\"text\":\"Größe \\\"größer\\\" 数据库 🐘\"");
        assertThat(json(anything().set("text", broken).build())).startsWith("{\"text\":\"a\uFFFDb\"");
    }

    @Test
    void aNumberThatJsonDoesNotHaveIsNull() throws IOException {
        assertThat(json(anything().set("real", Double.NaN).build())).contains("\"real\":null");
    }

    @Test
    void theTraceStandsBesideTheFields() throws IOException {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Schema empty = SchemaBuilder.record("Empty").fields().endRecord();

        assertThat(read(anything().build(), Optional.of(trace)).json().toString())
                .endsWith(",\"traceparent\":\"%s\"}".formatted(trace));
        assertThat(read(new GenericData.Record(empty), Optional.of(trace)).json())
                .hasToString("{\"traceparent\":\"%s\"}".formatted(trace));
        assertThat(json(new GenericData.Record(empty))).isEqualTo("{}");
    }

    @Test
    void whatTheEnvelopeSaysIsGivenAsItIsWhateverItsType() throws IOException {
        Schema kind = SchemaBuilder.enumeration("Kind").symbols("SMALL", "LARGE");
        Schema schema = SchemaBuilder.record("Foreign")
                .fields()
                .optionalString("eventId")
                .name("occurredAt")
                .type(INSTANT)
                .noDefault()
                .requiredString("stanza")
                .requiredInt("requestId")
                .optionalString("testId")
                .name("label")
                .type(kind)
                .noDefault()
                .endRecord();
        GenericRecord record = new GenericRecordBuilder(schema)
                .set("eventId", "an \"id\"")
                .set("occurredAt", 7L)
                .set("stanza", "mcpgov")
                .set("requestId", 5)
                .set("testId", null)
                .set("label", new GenericData.EnumSymbol(kind, "LARGE"))
                .build();

        EventFields fields = read(record, Optional.empty());

        assertThat(fields.text("eventId")).contains("an \"id\"");
        assertThat(fields.number("occurredAt")).contains(7L);
        assertThat(fields.text("stanza")).contains("mcpgov");
        assertThat(fields.text("requestId")).contains("5");
        assertThat(fields.text("testId")).isEmpty();
        assertThat(fields.text("label")).contains("LARGE");
        assertThat(fields.text("backupLabel")).isEmpty();
    }

    @Test
    void aRecordThatUnfoldsWithoutEndIsRefused() {
        Schema schema = SchemaBuilder.record("Bomb")
                .fields()
                .name("nothings")
                .type()
                .array()
                .items()
                .nullType()
                .noDefault()
                .endRecord();
        // a thousand million times nothing, in six bytes
        byte[] bomb = {(byte) 0x80, (byte) 0xa8, (byte) 0xd6, (byte) 0xb9, 0x07, 0};

        assertThatThrownBy(() ->
                        new AvroJson().read(schema, DecoderFactory.get().binaryDecoder(bomb, null), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes as JSON");
    }
}
