package dev.holdfast.scheduler;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Ready once the engine has run and all policies can be answered for. A later rebalance takes nothing back: it comes to all
 * instances at once whenever one of them joins or leaves, and each goes on to answer over HTTP meanwhile.
 */
final class EngineHealth implements HealthIndicator {

    private final String bootstrapServers;
    private final BooleanSupplier connected;
    private final Supplier<KafkaStreams.State> state;
    private final BooleanSupplier policiesRead;
    private final ClockWatch watch;
    private volatile boolean hasRun;

    /**
     * Looks at an engine.
     *
     * @param connected whether Kafka was reached since the start
     * @param state the engine's, at the moment
     */
    EngineHealth(
            String bootstrapServers,
            BooleanSupplier connected,
            Supplier<KafkaStreams.State> state,
            BooleanSupplier policiesRead,
            ClockWatch watch) {
        this.bootstrapServers = bootstrapServers;
        this.connected = connected;
        this.state = state;
        this.policiesRead = policiesRead;
        this.watch = watch;
    }

    @Override
    public Health health() {
        if (!connected.getAsBoolean()) {
            return Health.outOfService()
                    .withDetail("waitingFor", "Kafka at " + bootstrapServers)
                    .build();
        }
        KafkaStreams.State now = state.get();
        boolean read = policiesRead.getAsBoolean();
        Health.Builder health = (serves(now) && read ? Health.up() : Health.outOfService())
                .withDetail("streams", now.name())
                .withDetail("policiesRead", read);
        watch.last()
                .ifPresent(
                        step -> health.withDetail("clockSetBack", "from %s to %s".formatted(step.from(), step.to())));
        return health.build();
    }

    private boolean serves(KafkaStreams.State now) {
        return switch (now) {
            case RUNNING -> {
                hasRun = true;
                yield true;
            }
            case REBALANCING -> hasRun;
            case CREATED, PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> false;
        };
    }
}
