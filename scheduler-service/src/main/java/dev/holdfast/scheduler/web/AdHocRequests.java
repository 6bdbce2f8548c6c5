package dev.holdfast.scheduler.web;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.Producer;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RequestOrigin;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns bodies of ad hoc requests into events. */
final class AdHocRequests {

    private static final int LONGEST_REASON = 1_000;
    private static final List<BackupType> TYPES = List.of(BackupType.FULL, BackupType.DIFF, BackupType.INCR);
    private static final List<TargetKind> VALUED = List.of(TargetKind.TIME, TargetKind.LSN, TargetKind.NAME);
    private static final List<TargetKind> TARGETS = List.of(
            TargetKind.BACKUP_END,
            TargetKind.LATEST,
            TargetKind.TIME,
            TargetKind.LSN,
            TargetKind.NAME,
            TargetKind.RANDOM_IN_WINDOW);
    private static final List<BackupSelection> SELECTIONS = List.of(
            BackupSelection.NEWEST, BackupSelection.OLDEST, BackupSelection.RANDOM, BackupSelection.LEAST_PROVEN);

    private final Clock clock;
    private final Producer producer;

    AdHocRequests(Clock clock, Producer producer) {
        this.clock = clock;
        this.producer = producer;
    }

    /**
     * The event for a body.
     *
     * @param key the Idempotency-Key; null for a request that shall not be recognised when it comes again
     */
    BackupRequested backup(Map<String, Object> fields, Requester requester, @Nullable String key) {
        Instant now = clock.instant();
        RequestBody body = new RequestBody(fields);
        BackupRequested.Builder request = BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(body.stanza())
                .setRequestId(requestId(requester, key))
                .setProducer(producer)
                .setType(body.word("type", TYPES).orElse(BackupType.FULL))
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester)
                .setReason(body.text("reason", LONGEST_REASON).orElse(""))
                .setProof(body.word("proof", List.of(ProofWish.NONE, ProofWish.AFTER_COMPLETION))
                        .orElse(ProofWish.NONE))
                .setLabels(body.texts("labels", 32, 63, 256))
                .setOptions(body.texts("options", 10, 63, 256));
        body.number("repository", 1, 256).ifPresent(request::setRepository);
        body.text("pool", 253).ifPresent(request::setPool);
        notAfter(body, now).ifPresent(request::setNotAfter);
        body.check();
        return request.build();
    }

    /** The event for a body; key as above. */
    RestoreTestRequested restoreTest(Map<String, Object> fields, Requester requester, @Nullable String key) {
        Instant now = clock.instant();
        UUID requestId = requestId(requester, key);
        RequestBody body = new RequestBody(fields);
        RestoreTestRequested.Builder request = RestoreTestRequested.newBuilder()
                .setEventId(Ids.newEventId(now))
                .setOccurredAt(now)
                .setStanza(body.stanza())
                .setRequestId(requestId)
                .setProducer(producer)
                .setTestId(Ids.derived(requestId.toString(), "ad-hoc"))
                .setSelection(body.word("select", SELECTIONS).orElse(BackupSelection.NEWEST))
                .setTarget(target(body))
                .setOrigin(RequestOrigin.AD_HOC)
                .setRequestedBy(requester)
                .setReason(body.text("reason", LONGEST_REASON).orElse(""));
        body.parsed("label", 63, AdHocRequests::label).ifPresent(request::setBackupLabel);
        body.number("repository", 1, 256).ifPresent(request::setRepository);
        body.text("pool", 253).ifPresent(request::setPool);
        notAfter(body, now).ifPresent(request::setNotAfter);
        body.check();
        return request.build();
    }

    private static RestoreTarget target(RequestBody body) {
        TargetKind kind = body.word("target", TARGETS).orElse(TargetKind.BACKUP_END);
        Optional<String> value = body.text("targetValue", 200);
        if (VALUED.contains(kind) != value.isPresent()) {
            body.wrong(
                    "targetValue",
                    value.isPresent()
                            ? "the target %s takes no value".formatted(kind)
                            : "the target %s needs a value".formatted(kind));
        }
        if (kind == TargetKind.TIME) {
            body.instant("targetValue");
        }
        return RestoreTarget.newBuilder()
                .setKind(kind)
                .setValue(value.orElse(null))
                .build();
    }

    private static Optional<Instant> notAfter(RequestBody body, Instant now) {
        return body.instant("notAfter")
                .filter(instant -> instant.isAfter(now)
                        || body.wrong("notAfter", "%s has passed".formatted(instant))
                                .isPresent());
    }

    private static String label(String text) {
        if (!text.matches("[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?")) {
            throw new IllegalArgumentException(
                    "'%s' is no backup label; expected one such as 20261122-020003F or 20261122-020003F_20261122-080001D"
                            .formatted(text));
        }
        return text;
    }

    private static UUID requestId(Requester requester, @Nullable String key) {
        return key == null ? UUID.randomUUID() : Ids.derived("idempotency-key", requester.getPrincipal(), key);
    }
}
