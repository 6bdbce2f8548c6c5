package dev.holdfast.runner.web;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;

/** Ready means: the log has been read, the group has been joined, and pgBackRest can be run. */
@Singleton
@Readiness
final class RunnerHealth implements HealthIndicator {

    private final Condition condition;

    RunnerHealth(Condition condition) {
        this.condition = condition;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, String> obstacles = condition.obstacles();
        Map<String, String> details = new TreeMap<>(condition.remarks());
        details.putAll(obstacles);
        return Publishers.just(HealthResult.builder("runner", obstacles.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build());
    }
}
