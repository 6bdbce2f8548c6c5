package dev.holdfast.runner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.testsupport.Events;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

class NameSearchTest {

    private final NameSearch search = new NameSearch(List.of("mcpgov", "billing"));

    @Test
    void everyRequestForOneOfTheStanzasIsFound() throws IOException {
        assertThat(search.mayBeIn(request("mcpgov"))).isTrue();
        assertThat(search.mayBeIn(request("billing"))).isTrue();
    }

    @Test
    void requestsForOthersAreNot() throws IOException {
        assertThat(search.mayBeIn(request("orders"))).isFalse();
        assertThat(search.mayBeIn(request("mcpgo"))).isFalse();
        assertThat(search.mayBeIn(new byte[0])).isFalse();
    }

    @Test
    void aNameAtEitherEndOrAfterAFalseBeginningIsFound() {
        assertThat(search.mayBeIn(bytes("mcpgov and more"))).isTrue();
        assertThat(search.mayBeIn(bytes("it ends with billing"))).isTrue();
        assertThat(search.mayBeIn(bytes("mcpgmcpgov"))).isTrue();
    }

    @Test
    void whatHasNoValueAndWhatManyStanzasAreLookedForInIsLeftToTheDecoder() {
        NameSearch many = new NameSearch(
                IntStream.range(0, 1_000).mapToObj(number -> "stanza-" + number).toList());

        assertThat(search.mayBeIn(null)).isTrue();
        assertThat(many.mayBeIn(bytes("anything"))).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] request(String stanza) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(BackupRequested.class)
                .write(Events.backupRequested(stanza).build(), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
