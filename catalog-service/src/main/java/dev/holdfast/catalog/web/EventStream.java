package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.BadQuestionException;
import dev.holdfast.catalog.answers.Catalog;
import dev.holdfast.catalog.answers.EventFilter;
import dev.holdfast.catalog.answers.Page;
import dev.holdfast.catalog.answers.PageWish;
import dev.holdfast.catalog.answers.RawEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events: one light thread for each reader, who asks the catalog what has come since. */
@Component
class EventStream {

    private static final Logger LOGGER = LoggerFactory.getLogger(EventStream.class);
    private static final int READERS = 64;
    private static final int BATCH = 200;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int SILENT_ROUNDS = 30;

    private final Catalog catalog;
    private final Semaphore readers = new Semaphore(READERS);

    EventStream(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * @param from cursor to begin at; null for what comes from now on
     * @throws BadQuestionException if the cursor is none
     * @throws BusyException if there are too many readers
     */
    SseEmitter open(EventFilter filter, @Nullable String from) {
        String cursor = from == null ? catalog.endOfEvents() : from;
        catalog.events(filter, new PageWish(1, cursor)); // a bad cursor is a problem now, not a broken stream later
        if (!readers.tryAcquire()) {
            throw new BusyException("%d streams are open already; close one, or try again later".formatted(READERS));
        }
        SseEmitter emitter = new SseEmitter(0L);
        AtomicBoolean open = new AtomicBoolean(true);
        emitter.onCompletion(() -> open.set(false));
        emitter.onError(e -> open.set(false));
        Thread.ofVirtual().name("events").start(() -> serve(emitter, open, filter, cursor));
        return emitter;
    }

    private void serve(SseEmitter emitter, AtomicBoolean open, EventFilter filter, String from) {
        try {
            follow(emitter, open, filter, from);
            emitter.complete();
        } catch (BadQuestionException e) {
            sayLast(emitter, "rebuilt", String.valueOf(e.getMessage()));
        } catch (IOException | IllegalStateException e) {
            LOGGER.debug("a reader of events went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // a reader whose stream ends asks again, and is told what is wrong by the answer's status
            LOGGER.warn("a stream of events ended error={}", e.getMessage());
            emitter.complete();
        } finally {
            readers.release();
        }
    }

    /** The cursor was good when the stream was opened: the projection has been rebuilt under it. */
    private static void sayLast(SseEmitter emitter, String name, String message) {
        try {
            emitter.send(SseEmitter.event().name(name).data(message, MediaType.TEXT_PLAIN));
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            LOGGER.debug("a reader of events went away", e);
        }
    }

    private void follow(SseEmitter emitter, AtomicBoolean open, EventFilter filter, String from)
            throws IOException, InterruptedException {
        String cursor = from;
        int silent = 0;
        while (open.get()) {
            Page<RawEvent> page = catalog.events(filter, new PageWish(BATCH, cursor));
            for (RawEvent event : page.items()) {
                emitter.send(SseEmitter.event()
                        .id(event.cursor())
                        .name(event.type())
                        .data(event, MediaType.APPLICATION_JSON));
                cursor = event.cursor();
            }
            if (page.next() == null) {
                silent = page.items().isEmpty() ? silent + 1 : 0;
                if (silent % SILENT_ROUNDS == 0) {
                    emitter.send(SseEmitter.event().comment("nothing new")); // reveals a reader that is gone
                }
                Thread.sleep(PAUSE);
            }
        }
    }
}
