package dev.holdfast.scheduler.web;

import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who has a place under the caps on concurrent runs, and who waits for one. */
@RestController
final class QueueController {

    private static final int MOST = 1_000;

    private final QueueView queue;
    private final PolicyDesk policies;

    QueueController(QueueView queue, PolicyDesk policies) {
        this.queue = queue;
        this.policies = policies;
    }

    /** The queue: what waits, in the order in which it will be let in, after what runs. Empty without caps. */
    @GetMapping(path = "/api/v1/queue", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> queue(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String pool,
            @RequestParam(defaultValue = "100") int limit) {
        policies.requireReady();
        if (limit < 1 || limit > MOST) {
            throw new InvalidRequestException(List.of(Map.of("field", "limit", "message", "expected 1 to " + MOST)));
        }
        List<Gate.Entry> places = queue.places();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("running", places.stream().filter(Gate.Entry::taken).count());
        answer.put("waiting", places.stream().filter(entry -> !entry.taken()).count());
        answer.put(
                "items",
                places.stream()
                        .filter(entry ->
                                stanza == null || entry.place().stanza().equals(stanza))
                        .filter(entry -> pool == null || entry.place().pool().equals(pool))
                        .limit(limit)
                        .map(QueueController::item)
                        .toList());
        answer.put("next", null);
        return answer;
    }

    private static Map<String, Object> item(Gate.Entry entry) {
        Place place = entry.place();
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("requestId", place.requestId());
        item.put("testId", place.id().equals(place.requestId()) ? null : place.id());
        item.put("stanza", place.stanza());
        item.put("kind", place.kind().name());
        item.put("pool", place.pool().isEmpty() ? null : place.pool());
        item.put("state", entry.taken() ? "LET_IN" : "WAITING");
        item.put("schedule", place.schedule().orElse(null));
        item.put("slot", place.slot().orElse(null));
        item.put("since", place.due());
        item.put("notAfter", place.notAfter());
        return item;
    }
}
