package dev.holdfast.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Patience;
import dev.holdfast.testsupport.outside.PlainProducer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody writes garbage to the topic of requests. */
@ExtendWith(StackExtension.class)
class UnreadableRequestIT {

    private static final String STANZA = "adhoc";

    private final Stack stack;

    UnreadableRequestIT(Stack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "", "\0\0\0\0\1cut off", "{\"stanza\": \"adhoc\"}"})
    void theDeadLetterTopicGetsItOnceWithAReasonAndTheNextRequestIsServed(String text) {
        byte[] garbage = text.getBytes(StandardCharsets.UTF_8);

        RecordMetadata where = stack.producer().publishBytes(PlainProducer.BACKUP_REQUESTS, STANZA, garbage);
        UUID next = stack.producer().requestBackup(STANZA);

        assertThat(stack.endOf(next).type()).isEqualTo("BackupCompleted");
        Patience.until("the dead letter", () -> assertThat(lettersOf(where)).isNotEmpty());
        assertThat(lettersOf(where)).singleElement().satisfies(letter -> {
            assertThat(letter.raw().value()).isEqualTo(garbage);
            assertThat(letter.header("holdfast-dlt-reason")).isNotBlank();
        });
    }

    private List<LoggedEvent> lettersOf(RecordMetadata where) {
        return stack.log().all().stream()
                .filter(letter -> letter.topic().equals(PlainProducer.BACKUP_REQUESTS + ".dlt"))
                .filter(letter -> letter.header("holdfast-dlt-partition").equals(String.valueOf(where.partition())))
                .filter(letter -> letter.header("holdfast-dlt-offset").equals(String.valueOf(where.offset())))
                .toList();
    }
}
