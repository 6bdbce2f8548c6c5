package dev.holdfast.validator.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Which sandboxes nobody needs any more, seen by one validator: its own of an earlier life, and whatever is past its time. */
final class Leftovers {

    // an engine under load takes seconds from making a container to starting it
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(10);

    private final String owner;
    private final Clock clock;
    // engines tell to the second when a container was made
    private final Instant born;

    /** As seen by the validator that bears this name and lives from now on. */
    Leftovers(String owner, Clock clock) {
        this.owner = owner;
        this.clock = clock;
        this.born = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * True if the container is left over. One that was made just now may not have been noted yet. One that its validator
     * did not live to start has no first process that would end it, whoever made it.
     *
     * @param created when it was made
     * @param running false if it was not started, or has ended
     * @param used true if this validator works in it
     */
    boolean contain(Map<String, String> labels, Instant created, boolean running, boolean used) {
        boolean settled = created.plus(STARTED_WITHIN).isBefore(clock.instant());
        boolean abandoned = owner.equals(labels.get(DockerEngine.OWNER_LABEL)) && !used;
        return areLate(labels) || (abandoned && (settled || created.isBefore(born))) || (!running && settled);
    }

    /** True if the deadline on these labels is past. */
    boolean areLate(Map<String, String> labels) {
        long deadline = Long.parseLong(labels.getOrDefault(DockerEngine.DEADLINE_LABEL, "0"));
        return Instant.ofEpochSecond(deadline).isBefore(clock.instant());
    }
}
