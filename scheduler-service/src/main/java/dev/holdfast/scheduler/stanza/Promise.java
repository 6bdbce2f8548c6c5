package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.ObjectiveKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One objective of a policy and how it stands.
 *
 * @param kind which objective
 * @param limit what is promised
 * @param measure what is known; null if there is nothing to measure yet
 * @param since when the policy came into force: an objective without anything to measure is broken {@code limit} later
 * @param detail for people: what was found
 */
record Promise(ObjectiveKind kind, Duration limit, @Nullable Measure measure, Instant since, String detail) {

    /** What is known about an objective. */
    sealed interface Measure {}

    /**
     * Something that grows older by itself.
     *
     * @param newest when it was new
     * @param trusted until when it counts as met although nothing newer is known; never before its limit is over
     */
    record Age(Instant newest, Instant trusted) implements Measure {}

    /** Something that was measured once, at {@code at}, and stays as it is. */
    record Fixed(Duration value, Instant at) implements Measure {}

    /**
     * Something that nobody could tell of late.
     *
     * @param since when it had to count as not met
     * @param newest when it was last told; null if it never was
     */
    record Doubt(Instant since, @Nullable Instant newest) implements Measure {}

    /** How it stands: {@code since} says since when. */
    record Standing(boolean met, Instant since) {}

    /** How it stands now; empty if it can't be told yet. */
    Optional<Standing> standing(Instant now) {
        return switch (measure) {
            case null -> Optional.of(new Standing(false, breach())).filter(standing -> !now.isBefore(standing.since()));
            case Age age when now.isBefore(breach()) -> Optional.of(new Standing(true, age.newest()));
            case Age age -> Optional.of(new Standing(false, breach()));
            case Doubt doubt -> Optional.of(new Standing(false, doubt.since()));
            case Fixed fixed -> Optional.of(new Standing(fixed.value().compareTo(limit) <= 0, fixed.at()));
        };
    }

    /** How long it is, or how old. */
    Optional<Duration> value(Instant now) {
        return switch (measure) {
            case null -> Optional.empty();
            case Age age -> Optional.of(Duration.between(age.newest(), now));
            case Doubt doubt -> Optional.ofNullable(doubt.newest()).map(newest -> Duration.between(newest, now));
            case Fixed fixed -> Optional.of(fixed.value());
        };
    }

    /** When it will be broken if nothing comes; far away for what does not change by itself. */
    Instant breach() {
        return switch (measure) {
            case null -> since.plus(limit).plusMillis(1);
            case Age age ->
                Moment.later(age.newest().plus(limit), age.trusted()).plusMillis(1);
            case Doubt doubt -> doubt.since();
            case Fixed fixed -> Instant.MAX;
        };
    }
}
