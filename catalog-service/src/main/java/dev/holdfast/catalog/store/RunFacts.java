package dev.holdfast.catalog.store;

import dev.holdfast.catalog.answers.Failure;
import dev.holdfast.catalog.answers.Progress;
import dev.holdfast.catalog.answers.Queued;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what several answers have in common out of a run's facts. */
final class RunFacts {

    private RunFacts() {}

    /** How far the run got; null where no heartbeat is known. */
    static @Nullable Progress progress(Fact heartbeat) {
        return heartbeat.exists()
                ? new Progress(
                        heartbeat.text("phase", ""),
                        heartbeat.real("percent"),
                        heartbeat.big("bytesDone"),
                        heartbeat.big("bytesTotal"),
                        heartbeat.instant("occurredAt", Instant.EPOCH))
                : null;
    }

    /** Why something waits for a free place; null where it does not. */
    static @Nullable Queued queued(Fact place) {
        return place.exists()
                ? new Queued(
                        place.text("cause", "UNKNOWN"),
                        place.text("detail", ""),
                        place.text("pool"),
                        place.integer("waiting", 0),
                        place.instant("since", Instant.EPOCH))
                : null;
    }

    /** Why a run failed, a request was refused or left alone; null for another fact, or none. */
    static @Nullable Failure failure(Fact fact) {
        if (fact.text("category") != null) {
            return new Failure(
                    fact.text("category", ""),
                    fact.text("message", ""),
                    fact.text("hint", ""),
                    fact.integer("exitCode"),
                    fact.text("errorName"),
                    fact.text("logTail", ""));
        }
        String reason = fact.text("rejection") == null ? fact.text("unserved") : fact.text("rejection");
        return reason == null ? null : new Failure(reason, fact.text("detail", ""), "", null, null, "");
    }
}
