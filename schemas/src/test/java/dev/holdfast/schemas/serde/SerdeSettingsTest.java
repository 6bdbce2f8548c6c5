package dev.holdfast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.KafkaConnection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SerdeSettingsTest {

    private static final Schema SCHEMA = SchemaBuilder.record("a.b.R").fields().endRecord();

    @Test
    void theDefaultsAreConfluents() {
        assertThat(SerdeSettings.of(Map.of()))
                .isEqualTo(new SerdeSettings(true, false, false, SerdeSettings.SubjectName.TOPIC_NAME));
    }

    @Test
    void holdfastsOwnSettingsNameSubjectsByTopicAndRecord() {
        Map<String, Object> settings = new KafkaConnection("unused:1", "mock://settings", Map.of()).serde();

        assertThat(SerdeSettings.of(settings))
                .isEqualTo(new SerdeSettings(true, true, true, SerdeSettings.SubjectName.TOPIC_RECORD_NAME));
        assertThat(SerdeSettings.of(settings).subject("t", SCHEMA)).isEqualTo("t-a.b.R");
    }

    @Test
    void eachStrategyNamesTheSubjectAsConfluentsDoes() {
        assertThat(subject("io.confluent.kafka.serializers.subject.TopicNameStrategy"))
                .isEqualTo("t-value");
        assertThat(subject("io.confluent.kafka.serializers.subject.RecordNameStrategy"))
                .isEqualTo("a.b.R");
        assertThat(subject("TopicRecordNameStrategy")).isEqualTo("t-a.b.R");
    }

    @Test
    void flagsAreReadAsTextAndAsBooleans() {
        assertThat(SerdeSettings.of(Map.of("auto.register.schemas", false)).autoRegister())
                .isFalse();
        assertThat(SerdeSettings.of(Map.of("specific.avro.reader", "true")).specificReader())
                .isTrue();
    }

    @Test
    void anUnknownStrategyAndAMissingOrMalformedAddressAreRefused() {
        assertThatThrownBy(() -> subject("com.acme.OurStrategy"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("com.acme.OurStrategy");
        assertThatThrownBy(() -> RegistryClient.of(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("HOLDFAST_REGISTRY");
        assertThatThrownBy(() -> RegistryClient.of(Map.of("schema.registry.url", "localhost:8081")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected http://host:port/path");
    }

    private static String subject(String strategy) {
        return SerdeSettings.of(Map.of("value.subject.name.strategy", strategy)).subject("t", SCHEMA);
    }
}
