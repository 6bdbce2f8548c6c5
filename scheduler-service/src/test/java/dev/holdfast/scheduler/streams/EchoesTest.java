package dev.holdfast.scheduler.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EchoesTest {

    private final Echoes echoes = new Echoes();

    @Test
    void whatWasWrittenHereIsAnEchoOnce() {
        UUID id = UUID.randomUUID();
        echoes.expect(id);

        assertThat(echoes.isEcho(headers(id.toString()))).isTrue();
        assertThat(echoes.isEcho(headers(id.toString()))).as("read again").isFalse();
    }

    @Test
    void whatOthersWroteIsNone() {
        echoes.expect(UUID.randomUUID());

        assertThat(echoes.isEcho(headers(UUID.randomUUID().toString()))).isFalse();
        assertThat(echoes.isEcho(headers("not an id"))).isFalse();
        assertThat(echoes.isEcho(new RecordHeaders())).isFalse();
    }

    private static Headers headers(String id) {
        return new RecordHeaders().add("ce_id", id.getBytes(StandardCharsets.UTF_8));
    }
}
