package dev.holdfast.validator.intake;

import dev.holdfast.events.BackupSelection;
import dev.holdfast.events.RestoreTarget;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.validator.claim.TestRequest;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Makes a request of an event. Nothing that is not of the expected form goes further: it would become an argument. */
final class RestoreTestRequestReader {

    private static final Duration DEFAULT_PATIENCE = Duration.ofHours(24);
    private static final Duration OLDEST = Duration.ofDays(7);
    private static final int MOST_REPOSITORIES = 256;
    private static final Pattern LABEL = Pattern.compile("\\d{8}-\\d{6}F(_\\d{8}-\\d{6}[DI])?");
    // PostgreSQL keeps 63 bytes of a restore point's name
    private static final Pattern POINT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._:@+-]{0,62}");

    private RestoreTestRequestReader() {}

    /**
     * Reads it.
     *
     * @param event from the log
     * @param appended the record's timestamp
     * @param traceparent the record's trace
     */
    static TestRequest read(RestoreTestRequested event, Instant appended, Optional<String> traceparent) {
        return new TestRequest(
                event.getTestId(),
                event.getRequestId(),
                event.getStanza(),
                appended,
                notAfter(event, appended),
                wish(event),
                asked(event, traceparent));
    }

    private static Instant notAfter(RestoreTestRequested event, Instant appended) {
        Instant latest = appended.plus(OLDEST);
        Instant asked = event.getNotAfter().orElse(appended.plus(DEFAULT_PATIENCE));
        return asked.isBefore(latest) ? asked : latest;
    }

    private static TestRequest.Asked asked(RestoreTestRequested event, Optional<String> traceparent) {
        return new TestRequest.Asked(
                event.getEventId(),
                traceparent,
                event.getTarget().getKind().name(),
                event.getTarget().getValue(),
                event.getBackupLabel(),
                repository(event.getRepository()),
                event.getOrigin().name(),
                event.getRequestedBy().getPrincipal(),
                event.getRequestedBy().getEstablished().name());
    }

    private static OptionalInt repository(Optional<Integer> number) {
        return number.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static TestRequest.Wish wish(RestoreTestRequested event) {
        try {
            return new TestRequest.Proper(new TestOrder(
                    event.getTestId(),
                    event.getStanza(),
                    checkedRepository(event.getRepository()),
                    label(event.getBackupLabel()),
                    selection(event.getSelection()),
                    target(event.getTarget())));
        } catch (IllegalArgumentException e) {
            return new TestRequest.Improper(String.valueOf(e.getMessage()));
        }
    }

    private static OptionalInt checkedRepository(Optional<Integer> number) {
        number.filter(value -> value < 1 || value > MOST_REPOSITORIES).ifPresent(value -> {
            throw new IllegalArgumentException(
                    "repository %d: expected 1 to %d, or none".formatted(value, MOST_REPOSITORIES));
        });
        return repository(number);
    }

    private static Optional<String> label(Optional<String> label) {
        label.filter(text -> !LABEL.matcher(text).matches()).ifPresent(text -> {
            throw new IllegalArgumentException(
                    "backupLabel '%s': expected pgBackRest's form, such as 20261122-160345F or 20261122-160345F_20261122-170000I"
                            .formatted(shown(text)));
        });
        return label;
    }

    private static Selection selection(BackupSelection selection) {
        return switch (selection) {
            case NEWEST -> Selection.NEWEST;
            case OLDEST -> Selection.OLDEST;
            case RANDOM -> Selection.RANDOM;
            case LEAST_PROVEN -> Selection.LEAST_PROVEN;
            case UNKNOWN ->
                throw new IllegalArgumentException(
                        "selection is unknown to this version: expected NEWEST, OLDEST, RANDOM or LEAST_PROVEN");
        };
    }

    private static Target target(RestoreTarget target) {
        return switch (target.getKind()) {
            case BACKUP_END -> new Target.BackupEnd();
            case LATEST -> new Target.Latest();
            case TIME -> new Target.Time(instant(value(target)));
            case LSN -> new Target.AtLsn(Lsn.parse(value(target)));
            case NAME -> new Target.Name(point(value(target)));
            case RANDOM_IN_WINDOW -> new Target.RandomInWindow();
            case UNKNOWN ->
                throw new IllegalArgumentException(
                        "the target's kind is unknown to this version: expected BACKUP_END, LATEST, TIME, LSN, NAME or RANDOM_IN_WINDOW");
        };
    }

    private static String value(RestoreTarget target) {
        return target.getValue()
                .filter(value -> !value.isBlank())
                .orElseThrow(() ->
                        new IllegalArgumentException("a target of kind %s needs a value".formatted(target.getKind())));
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "target time '%s': expected an ISO-8601 instant with offset, such as 2026-11-22T16:10:29Z"
                            .formatted(shown(text)),
                    e);
        }
    }

    private static String point(String name) {
        if (!POINT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "restore point '%s': expected up to 63 letters, digits, blanks or . _ : @ + -, the first a letter or digit"
                            .formatted(shown(name)));
        }
        return name;
    }

    /** What came from outside, without control characters and not at length. */
    private static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
    }
}
