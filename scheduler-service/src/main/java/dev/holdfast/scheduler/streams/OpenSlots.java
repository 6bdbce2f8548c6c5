package dev.holdfast.scheduler.streams;

import dev.holdfast.schemas.CloudEventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;

/**
 * The header of a conclusion that says which slots of the same schedule were still open then. Slots are not concluded in
 * order: an earlier one may wait for its turn. Without this, whoever rebuilds lost state from the log would take it for
 * concluded.
 */
final class OpenSlots {

    private static final String HEADER = "holdfast-open-slots";
    private static final String BETWEEN = " ";

    private OpenSlots() {}

    static void put(Headers headers, List<Instant> open) {
        if (!open.isEmpty()) {
            String text = open.stream().map(Instant::toString).collect(Collectors.joining(BETWEEN));
            headers.add(HEADER, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As they were put; those that can't be read are left out, because headers are anybody's. */
    static List<Instant> of(Headers headers) {
        return CloudEventHeaders.text(headers, HEADER)
                .map(text -> Arrays.stream(text.split(BETWEEN))
                        .map(OpenSlots::instant)
                        .flatMap(Optional::stream)
                        .toList())
                .orElse(List.of());
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
