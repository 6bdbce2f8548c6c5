package dev.holdfast.runner.intake;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.ProofWish;
import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RequestRules;
import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.CloudEventHeaders;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns a {@code BackupRequested} into a request that can be trusted, or says what is wrong with it. */
final class RequestReader {

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private RequestReader() {}

    /** What an event turned out to be. */
    sealed interface Reading {}

    /** A request that may be served. */
    record Valid(BackupRequest request) implements Reading {}

    /** A request that breaks a rule; {@code reason} says which. */
    record Invalid(RequestHead head, String reason) implements Reading {}

    /** Reads the event that the record carries. */
    static Reading read(BackupRequested event, ConsumerRecord<byte[], byte[]> record) {
        RequestHead head = headOf(event, record);
        Optional<BackupKind> kind = kindOf(event.getType());
        if (kind.isEmpty()) {
            return new Invalid(head, "the type is not known, expected FULL, DIFF or INCR");
        }
        int repository = event.getRepository().orElse(0);
        if (event.getRepository().isPresent() && repository == 0) {
            return new Invalid(head, "repository 0 is none of pgBackRest's: it numbers them from 1");
        }
        Optional<String> broken = RequestRules.brokenBy(head, repository, event.getLabels(), event.getOptions());
        if (broken.isPresent()) {
            return new Invalid(head, broken.get());
        }
        Instant recordedAt = Instant.ofEpochMilli(record.timestamp());
        return new Valid(new BackupRequest(
                head,
                kind.get(),
                repository == 0 ? OptionalInt.empty() : OptionalInt.of(repository),
                recordedAt,
                event.getNotAfter().orElse(recordedAt.plus(BackupRequest.DEFAULT_PATIENCE)),
                event.getLabels(),
                event.getOptions(),
                event.getProof() == ProofWish.AFTER_COMPLETION));
    }

    private static RequestHead headOf(BackupRequested event, ConsumerRecord<byte[], byte[]> record) {
        return new RequestHead(
                event.getRequestId(),
                event.getEventId(),
                event.getStanza(),
                event.getRequestedBy().getPrincipal(),
                event.getRequestedBy().getEstablished().name(),
                event.getOrigin().name(),
                event.getReason(),
                new Source(record.partition(), record.offset()),
                CloudEventHeaders.text(record.headers(), CloudEventHeaders.TRACEPARENT)
                        .filter(trace -> TRACEPARENT.matcher(trace).matches()));
    }

    private static Optional<BackupKind> kindOf(BackupType type) {
        return switch (type) {
            case FULL -> Optional.of(BackupKind.FULL);
            case DIFF -> Optional.of(BackupKind.DIFF);
            case INCR -> Optional.of(BackupKind.INCR);
            case UNKNOWN -> Optional.empty();
        };
    }
}
