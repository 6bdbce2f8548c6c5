package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.ContentHash;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.RawEvent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The log itself, and what can be done with the projection as a whole. */
@RestController
@RequestMapping("/api/v1")
class EventsApi {

    private final Catalog catalog;
    private final EventStream stream;

    EventsApi(Catalog catalog, EventStream stream) {
        this.catalog = catalog;
        this.stream = stream;
    }

    /** Raw events in the order in which the catalog read them. */
    @GetMapping(path = "/events", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<RawEvent> events(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = CatalogApi.DEFAULT_LIMIT) int limit) {
        return catalog.events(filter(stanza, type, since, until), new PageWish(limit, cursor == null ? from : cursor));
    }

    /** Each event is one message whose id is the cursor behind it; a browser that reconnects sends it as Last-Event-ID. */
    @GetMapping(path = "/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter follow(
            @RequestParam(required = false) @Nullable String stanza,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable String from,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        return stream.open(filter(stanza, type, since, null), lastEventId == null ? from : lastEventId);
    }

    private static EventFilter filter(
            @Nullable String stanza, @Nullable String type, @Nullable Instant since, @Nullable Instant until) {
        return new EventFilter(Names.stanzaOrAll(stanza), Names.text("type", type), since, until);
    }

    /** A hash over everything projected: equal for equal logs, whatever the order in which they were read. */
    @GetMapping(path = "/content-hash", produces = MediaType.APPLICATION_JSON_VALUE)
    ContentHash contentHash() {
        return catalog.contentHash();
    }

    /**
     * Asks for a rebuild from the log; the former projection answers meanwhile. Browsers cannot send this from another
     * site: the content type is not one of a form, and no other origin is allowed in.
     */
    @PostMapping(path = "/rebuild", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, String> rebuild() {
        catalog.wishForRebuild();
        return Map.of("rebuild", "wanted", "see", "/api/v1/rebuild");
    }

    /** Whether a rebuild is still to come or under way. */
    @GetMapping(path = "/rebuild", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Boolean> isRebuildWanted() {
        return Map.of("wanted", catalog.isRebuildWanted());
    }
}
