package dev.holdfast.schemas.serde;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of the serializers, by Confluent's names and with Confluent's defaults.
 *
 * @param autoRegister {@code auto.register.schemas}, default true
 * @param removeJavaProperties {@code avro.remove.java.properties}, default false
 * @param specificReader {@code specific.avro.reader}, default false
 * @param strategy {@code value.subject.name.strategy}: a class name of Confluent's, of which only the last part counts
 */
record SerdeSettings(boolean autoRegister, boolean removeJavaProperties, boolean specificReader, SubjectName strategy) {

    /** How a subject is named. */
    enum SubjectName {
        TOPIC_NAME("TopicNameStrategy"),
        RECORD_NAME("RecordNameStrategy"),
        TOPIC_RECORD_NAME("TopicRecordNameStrategy");

        private final String className;

        SubjectName(String className) {
            this.className = className;
        }

        private static SubjectName ofClass(String name) {
            String simple = name.substring(name.lastIndexOf('.') + 1);
            for (SubjectName strategy : values()) {
                if (strategy.className.equals(simple)) {
                    return strategy;
                }
            }
            throw new ConfigException(
                    "value.subject.name.strategy",
                    name,
                    "expected TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy of io.confluent.kafka.serializers.subject");
        }
    }

    static SerdeSettings of(Map<String, ?> configuration) {
        return new SerdeSettings(
                flag(configuration, "auto.register.schemas", true),
                flag(configuration, "avro.remove.java.properties", false),
                flag(configuration, "specific.avro.reader", false),
                SubjectName.ofClass(
                        text(configuration, "value.subject.name.strategy", SubjectName.TOPIC_NAME.className)));
    }

    String subject(String topic, Schema schema) {
        return switch (strategy) {
            case TOPIC_NAME -> topic + "-value";
            case RECORD_NAME -> schema.getFullName();
            case TOPIC_RECORD_NAME -> topic + "-" + schema.getFullName();
        };
    }

    private static boolean flag(Map<String, ?> configuration, String key, boolean fallback) {
        return Boolean.parseBoolean(text(configuration, key, String.valueOf(fallback)));
    }

    private static String text(Map<String, ?> configuration, String key, String fallback) {
        Object value = configuration.get(key);
        return value == null ? fallback : value.toString();
    }
}
