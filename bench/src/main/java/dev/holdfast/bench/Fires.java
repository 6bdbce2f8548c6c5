package dev.holdfast.bench;

import dev.holdfast.bench.FireWatch.Seen;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What became of many fires. Everything is counted: a missing, second or early one makes the figure void.
 *
 * @param wanted how many should have fired, each under a key of its own
 * @param seen what a consumer was given
 * @param due when a key was to fire
 */
record Fires(int wanted, List<Seen> seen, Function<String, Instant> due) {

    /** @throws IllegalStateException if not every fire came exactly once and none early */
    Fires counted() {
        Map<String, Integer> times = new HashMap<>();
        seen.forEach(fire -> times.merge(fire.key(), 1, Integer::sum));
        long repeated = times.values().stream().filter(count -> count > 1).count();
        long early = seen.stream().filter(fire -> late(fire) < 0).count();
        if (times.size() != wanted || repeated > 0 || early > 0) {
            throw new IllegalStateException("%d of %d fired, %d of them more than once, %d early"
                    .formatted(times.size(), wanted, repeated, early));
        }
        return this;
    }

    /** How late a fire became readable, in microseconds. */
    long late(Seen fire) {
        return fire.readable() - Micros.of(due.apply(fire.key()));
    }

    /** {@code name=value} pairs: milliseconds from due to readable, and the rate in fires a second if all are due at once. */
    String statistics() {
        long[] late = seen.stream().mapToLong(this::late).sorted().toArray();
        return "fired=%d first=%.1f p50=%.1f p99=%.1f last=%.1f rate=%.0f"
                .formatted(
                        late.length,
                        late[0] / 1e3,
                        late[rank(late, 0.5)] / 1e3,
                        late[rank(late, 0.99)] / 1e3,
                        late[late.length - 1] / 1e3,
                        wanted * 1e6 / late[late.length - 1]);
    }

    private static int rank(long[] sorted, double share) {
        return Math.max(0, (int) Math.ceil(sorted.length * share) - 1);
    }
}
