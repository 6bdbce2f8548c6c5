package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    @Test
    void aDeadLetterKeepsTheBytesAndSaysWhereTheyLayAndWhatWasWrong() {
        byte[] key = "mcpgov".getBytes(StandardCharsets.UTF_8);
        byte[] value = {1, 2, 3};
        ConsumerRecord<byte[], byte[]> original = new ConsumerRecord<>("holdfast.controls", 5, 42, key, value);
        original.headers().add("ce_id", new byte[] {9});

        ProducerRecord<byte[], byte[]> letter = DeadLetters.of(original, "scheduler", "the value is garbage");

        assertThat(letter.topic()).isEqualTo(Topic.CONTROLS.deadLetterName());
        assertThat(letter.key()).isEqualTo(key);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.headers().lastHeader("ce_id").value()).containsExactly(9);
        assertThat(CloudEventHeaders.text(letter.headers(), DeadLetters.ORIGINAL_TOPIC))
                .hasValue("holdfast.controls");
        assertThat(CloudEventHeaders.text(letter.headers(), DeadLetters.ORIGINAL_PARTITION))
                .hasValue("5");
        assertThat(CloudEventHeaders.text(letter.headers(), DeadLetters.ORIGINAL_OFFSET))
                .hasValue("42");
        assertThat(CloudEventHeaders.text(letter.headers(), DeadLetters.READER)).hasValue("scheduler");
        assertThat(CloudEventHeaders.text(letter.headers(), DeadLetters.REASON)).hasValue("the value is garbage");
    }
}
