package dev.holdfast.catalog.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
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

    @Test
    void everyFieldIsWrittenAsPeopleReadIt() {
        assertThat(AvroJson.of(anything().build())).isEqualTo("""
                        {"text":"plain","at":"1970-01-01T00:00:01.500Z","absent":null,"real":0.5,"bytes":"AQI=","list":[1,2],"map":{"k":true}}""");
    }

    @Test
    void charactersThatJsonOrPostgresqlCannotHoldAreEscapedOrReplaced() {
        assertThat(AvroJson.of(anything().set("text", "a\"\\\n\u0001\0z").build()))
                .startsWith("{\"text\":\"a\\\"\\\\\\n\\u0001\uFFFDz\"");
    }

    @Test
    void aNumberThatJsonDoesNotHaveIsNull() {
        assertThat(AvroJson.of(anything().set("real", Double.NaN).build())).contains("\"real\":null");
    }
}
