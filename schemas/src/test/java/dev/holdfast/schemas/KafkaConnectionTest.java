package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConnectionTest {

    @TempDir
    private Path folder;

    @Test
    void anEmptyEnvironmentMeansTheLocalStack() {
        assertThat(KafkaConnection.from(Map.of()))
                .isEqualTo(new KafkaConnection("127.0.0.1:9092", "http://127.0.0.1:8085/apis/ccompat/v7", Map.of()));
    }

    @Test
    void theFileOfFurtherSettingsReachesEveryClient() throws IOException {
        KafkaConnection connection = withFile("security.protocol=SASL_SSL\nbasic.auth.user.info=ada:secret\n");

        assertThat(connection.common()).containsEntry("security.protocol", "SASL_SSL");
        assertThat(connection.producer("p")).containsEntry("security.protocol", "SASL_SSL");
        assertThat(connection.rawProducer("p")).containsEntry("security.protocol", "SASL_SSL");
        assertThat(connection.consumer("c")).containsEntry("security.protocol", "SASL_SSL");
        assertThat(connection.serde()).containsEntry("basic.auth.user.info", "ada:secret");
    }

    @Test
    void anotherSerializerIsUsedForEventsAndNotForDeadLetters() throws IOException {
        KafkaConnection connection = withFile("value.serializer=x.Other\nvalue.deserializer=x.OtherReader\n");

        assertThat(connection.producer("p")).containsEntry("value.serializer", "x.Other");
        assertThat(connection.deserializerClass()).isEqualTo("x.OtherReader");
        assertThat(connection.rawProducer("p")).containsEntry("value.serializer", ByteArraySerializer.class.getName());
        assertThat(connection.consumer("c")).containsEntry("value.deserializer", ByteArrayDeserializer.class.getName());
    }

    @Test
    void aConsumerCommitsByHandAndReadsOnlyWhatIsCommittedWhateverTheFileSays() throws IOException {
        KafkaConnection connection = withFile("enable.auto.commit=true\nisolation.level=read_uncommitted\n");

        assertThat(connection.consumer("c"))
                .containsEntry("enable.auto.commit", false)
                .containsEntry("isolation.level", "read_committed");
    }

    @Test
    void whatAServiceWouldHaveOtherwiseGivesWayToTheFile() throws IOException {
        KafkaConnection connection = withFile("metric.reporters=x.Reporter\n")
                .withDefaults(Map.of("metric.reporters", "", "enable.metrics.push", "false"));

        assertThat(connection.common())
                .containsEntry("metric.reporters", "x.Reporter")
                .containsEntry("enable.metrics.push", "false");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> KafkaConnection.from(Map.of("HOLDFAST_KAFKA_CONFIG", "/no/such/file")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("HOLDFAST_KAFKA_CONFIG names /no/such/file");
    }

    private KafkaConnection withFile(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("kafka.properties"), content);
        return KafkaConnection.from(Map.of("HOLDFAST_KAFKA_CONFIG", file.toString()));
    }
}
