package dev.holdfast.scheduler;

import dev.holdfast.scheduler.gate.Caps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Every knob of the scheduler; an invalid value stops the start. The address of Kafka and the registry are read by {@code
 * KafkaConnection}.
 *
 * @param instance name of this copy: in events, logs, and the transactional id, so unique among copies
 * @param state folder of Kafka Streams
 * @param applicationId id of the Streams application: its consumer group, and the prefix of its internal topics
 * @param tick how soon what was read is committed, and how often to ask whether everything has been read; fires do not wait
 *     for it
 * @param firesATick at most so many events of a task in one transaction begun by the clock
 * @param unknownGrace how long a request waits for somebody to announce its stanza before it is called unknown; a runner
 *     announces itself when it starts and every 30 s
 * @param maxRunning how many backups, and as many restore tests, may run at once over all pools; 0 for no cap
 * @param maxRunningPerPool how many backups, and as many restore tests, may run at once in a pool that has no cap of its own; 0 for no cap
 * @param maxRunningInPools caps of their own for pools by name, such as {@code db1=2,db2=4}
 */
@ConfigurationProperties("holdfast.scheduler")
public record SchedulerSettings(
        @DefaultValue("scheduler") String instance,
        @DefaultValue("state/scheduler") Path state,
        @DefaultValue("holdfast-scheduler") String applicationId,
        @DefaultValue("25ms") Duration tick,
        @DefaultValue("320") int firesATick,
        @DefaultValue("20s") Duration unknownGrace,
        @DefaultValue("0") int maxRunning,
        @DefaultValue("0") int maxRunningPerPool,
        @DefaultValue List<String> maxRunningInPools) {

    private static final Pattern POOL_CAP = Pattern.compile("(?<pool>[^=\\s]+)\\s*=\\s*(?<cap>\\d{1,6})");

    /** Refuses what must not be started. */
    public SchedulerSettings {
        if (tick.isNegative() || tick.isZero() || firesATick < 1 || unknownGrace.isNegative()) {
            throw new IllegalArgumentException(
                    "tick must be positive, firesATick at least 1 and unknownGrace not negative; found %s, %d, %s"
                            .formatted(tick, firesATick, unknownGrace));
        }
        maxRunningInPools = List.copyOf(maxRunningInPools);
    }

    /** How much may run at once. */
    Caps caps() {
        Map<String, Integer> inPools = new LinkedHashMap<>();
        for (String entry : maxRunningInPools) {
            Matcher matcher = POOL_CAP.matcher(entry.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "HOLDFAST_SCHEDULER_MAX_RUNNING_IN_POOLS holds '%s'; expected pool=number, such as db1=2,db2=4"
                                .formatted(entry));
            }
            inPools.put(matcher.group("pool"), Integer.parseInt(matcher.group("cap")));
        }
        return new Caps(maxRunning, maxRunningPerPool, inPools);
    }
}
