package dev.holdfast.catalog.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alert rules and the dashboard of {@code deploy/monitoring}, by Prometheus' own tool and against what the packaged catalog exposes. */
class MonitoringIT {

    private static final Path ROOT = Path.of(System.getProperty("holdfast.root", ".."));
    private static final Path FOLDER = ROOT.resolve("deploy/monitoring");
    private static final Pattern METRIC =
            Pattern.compile("\\b(holdfast_[a-z_]+|jvm_[a-z_]+|http_[a-z_]+|process_[a-z_]+|up)\\b(?=[ {)]|$)");

    /** Name, labels without their braces, value; what is not a number is none. */
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{([^}']*)})? (-?[0-9.]+(?:E-?[0-9]+)?)");

    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    @Test
    void theRulesDoWhatTheirTestsSay() {
        Command.Ended ended =
                promtool("test", "rules", FOLDER.resolve("alerts_test.yml").toString());

        assertThat(ended.exitCode()).as(ended.stdout() + ended.stderr()).isZero();
    }

    @Test
    void prometheusAcceptsTheConfiguration() {
        Command.Ended ended =
                promtool("check", "config", FOLDER.resolve("prometheus.yml").toString());

        assertThat(ended.exitCode()).as(ended.stdout() + ended.stderr()).isZero();
    }

    /** Prometheus' own engine evaluates each query over what the catalog exposes, as if it had been scraped for ten minutes. */
    @Test
    void everyPanelOfTheDashboardShowsSomethingOfAFleet(@TempDir Path folder) throws IOException {
        List<String> series = exposed()
                .map(SAMPLE::matcher)
                .filter(sample -> sample.matches()
                        && METRIC.matcher(sample.group(1) + " ").find())
                .map(sample -> "  - {series: '%s{%sjob=\"holdfast-catalog\"}', values: '%s+0x20'}\n"
                        .formatted(sample.group(1), labels(sample.group(2)), sample.group(3)))
                .toList();
        List<String> panels = panels();
        String questions = panels.stream()
                .map(panel -> """
                          - expr: 'count(%s) > bool 0'
                            eval_time: 10m
                            exp_samples: [{labels: '{}', value: 1}]
                        """.formatted(panel.replace("$stanza", ".*")))
                .collect(Collectors.joining());
        Path file = Files.writeString(
                folder.resolve("panels.yml"),
                "rule_files: []\ntests:\n- interval: 30s\n  input_series:\n%s  promql_expr_test:\n%s"
                        .formatted(String.join("", series), questions));

        Command.Ended ended = promtool("test", "rules", file.toString());

        assertThat(panels).hasSizeGreaterThan(10);
        assertThat(ended.exitCode()).as(ended.stdout() + ended.stderr()).isZero();
    }

    /** With a comma behind them, if there are any. */
    private static String labels(@Nullable String labels) {
        return labels == null || labels.isEmpty() || labels.endsWith(",") ? Objects.toString(labels, "") : labels + ",";
    }

    private static Stream<String> exposed() {
        ServedFleet served = ServedFleet.shared();
        served.get("/api/v1/stanzas");
        return served.get("/actuator/prometheus").body().lines().filter(line -> !line.startsWith("#"));
    }

    @Test
    void everyMetricOfRulesAndDashboardIsExposed() throws IOException {
        Set<String> exposed =
                exposed().map(line -> line.replaceFirst("[{ ].*", "")).collect(Collectors.toCollection(TreeSet::new));

        List<String> texts = new ArrayList<>(panels());
        alertExpressions().forEach(texts::add);
        Set<String> used = texts.stream()
                .flatMap(text -> METRIC.matcher(text).results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // Prometheus' own, about the scrape
        used.remove("up");

        assertThat(used).hasSizeGreaterThan(12);
        assertThat(exposed).containsAll(used);
    }

    @Test
    void everyAlertHasATestAndASectionThatSaysWhatToDo() throws IOException {
        String tests = Files.readString(FOLDER.resolve("alerts_test.yml"));
        String runbook = Files.readString(ROOT.resolve("docs/runbooks/alerts.md"));
        String rules = Files.readString(FOLDER.resolve("alerts.yml"));
        List<String> alerts =
                ALERT.matcher(rules).results().map(found -> found.group(1)).toList();

        assertThat(alerts).hasSizeGreaterThan(10);
        assertThat(alerts).allSatisfy(alert -> {
            assertThat(tests).contains("alertname: " + alert);
            assertThat(runbook).contains("\n## " + alert + "\n");
            assertThat(rules).contains("docs/runbooks/alerts.md#" + alert.toLowerCase(Locale.ROOT));
        });
    }

    private static List<String> alertExpressions() throws IOException {
        return Files.readAllLines(FOLDER.resolve("alerts.yml")).stream()
                .filter(line -> line.strip().startsWith("expr:"))
                .toList();
    }

    private static List<String> panels() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("grafana/holdfast.json")));
        List<String> expressions = new ArrayList<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asString())));
        return expressions;
    }

    private static Command.Ended promtool(String... arguments) {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        try {
            return Command.run(command, Map.of());
        } catch (java.io.UncheckedIOException e) {
            throw new IllegalStateException("promtool does not run. Install it: deploy/local/prepare", e);
        }
    }
}
