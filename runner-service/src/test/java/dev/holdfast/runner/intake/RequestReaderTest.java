package dev.holdfast.runner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.testsupport.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

    private static final Instant RECORDED = Instant.parse("2026-11-26T12:00:00Z");

    private final RecordHeaders headers = new RecordHeaders();

    @Test
    void aRequestKnowsItsPlaceAndMayStartForADayIfItDoesNotSay() {
        BackupRequest request = valid(Events.backupRequested("demo").setType(BackupType.INCR));

        assertThat(request.kind()).isEqualTo(BackupKind.INCR);
        assertThat(request.head().source()).isEqualTo(new Source(3, 42));
        assertThat(request.recordedAt()).isEqualTo(RECORDED);
        assertThat(request.notAfter()).isEqualTo(RECORDED.plus(Duration.ofHours(24)));
        assertThat(request.repository()).isEmpty();
    }

    @Test
    void aTypeThatIsNotKnownIsAnsweredWithThoseThatAre() {
        assertThat(reasonAgainst(Events.backupRequested("demo").setType(BackupType.UNKNOWN)))
                .isEqualTo("the type is not known, expected FULL, DIFF or INCR");
    }

    @Test
    void repositoryZeroIsRefused() {
        assertThat(reasonAgainst(Events.backupRequested("demo").setRepository(0)))
                .isEqualTo("repository 0 is none of pgBackRest's: it numbers them from 1");
    }

    @Test
    void aTraceIsTakenOverOnlyIfItIsOne() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        headers.add("traceparent", trace.getBytes(StandardCharsets.UTF_8));
        Optional<String> kept = valid(Events.backupRequested("demo")).head().traceparent();
        headers.remove("traceparent").add("traceparent", "00-zz\r\nx: y".getBytes(StandardCharsets.UTF_8));
        Optional<String> dropped = valid(Events.backupRequested("demo")).head().traceparent();

        assertThat(kept).contains(trace);
        assertThat(dropped).isEmpty();
    }

    private BackupRequest valid(BackupRequested.Builder event) {
        return ((RequestReader.Valid) reading(event)).request();
    }

    private String reasonAgainst(BackupRequested.Builder event) {
        return ((RequestReader.Invalid) reading(event)).reason();
    }

    private RequestReader.Reading reading(BackupRequested.Builder event) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "holdfast.backup.requests",
                3,
                42,
                RECORDED.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                headers,
                Optional.empty());
        return RequestReader.read(event.build(), record);
    }
}
