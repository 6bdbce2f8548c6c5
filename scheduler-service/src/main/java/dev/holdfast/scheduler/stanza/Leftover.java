package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.Policy;
import java.time.Instant;

/**
 * The rest of a schedule that is no longer in force.
 *
 * @param policy the policy that it came from
 * @param schedule its name there
 * @param through every slot up to here has been dealt with
 * @param until the last instant at which its policy was in force
 */
public record Leftover(Policy policy, String schedule, Instant through, Instant until) {}
