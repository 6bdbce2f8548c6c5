package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The component monitoring has what {@code deploy/monitoring} has. */
class MonitoringTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path MONITORING = Manifests.ROOT.resolve("deploy/monitoring");

    private final Manifests manifests =
            Manifests.of(Manifests.HOME.resolve("src/test/compositions/strimzi-and-monitoring"));

    @Test
    void alertsAreTheSame() throws IOException {
        JsonNode alerts = YAML.readTree(MONITORING.resolve("alerts.yml").toFile());

        assertThat(manifests.one("PrometheusRule", "holdfast").json().at("/spec/groups"))
                .isEqualTo(alerts.path("groups"));
    }

    @Test
    void theDashboardIsTheSame() throws IOException {
        assertThat(manifests
                        .one("ConfigMap", "holdfast-dashboard")
                        .json()
                        .at("/data/holdfast.json")
                        .asText())
                .isEqualTo(Files.readString(MONITORING.resolve("grafana/holdfast.json")));
    }

    @Test
    void jobsAreThoseThatAlertsGoBy() throws IOException {
        JsonNode prometheus = YAML.readTree(MONITORING.resolve("prometheus.yml").toFile());

        assertThat(manifests
                        .ofKind("PodMonitor")
                        .map(monitor -> monitor.json()
                                .at("/spec/podMetricsEndpoints/0/relabelings/0/replacement")
                                .asText()))
                .containsExactlyInAnyOrderElementsOf(Manifests.each(prometheus.path("scrape_configs"))
                        .map(job -> job.path("job_name").asText())
                        .toList());
    }
}
