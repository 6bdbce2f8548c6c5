package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules on variables and ports: each is one that the program's own source has. */
final class SettingRules {

    /** Containers that run a program of ours, and where its source is. */
    private static final Map<String, String> MODULES = Map.of(
            "scheduler", "scheduler-service",
            "runner", "runner-service",
            "validator", "validator-service",
            "catalog", "catalog-service",
            "cli", "cli");

    private static final Map<String, Integer> PORTS =
            Map.of("scheduler", 8081, "runner", 8082, "validator", 8083, "catalog", 8080);

    private static final Pattern VARIABLE = Pattern.compile("\\bHOLDFAST_[A-Z0-9_]+[A-Z0-9]\\b");
    private static final Pattern SPRINGS = Pattern.compile(
            "SERVER_SSL_(CERTIFICATE|CERTIFICATEPRIVATEKEY|TRUSTCERTIFICATE|CLIENTAUTH)|HOLDFAST_ACCESS_CERTIFICATES_\\d+_(SUBJECT|ROLES)");
    private static final Map<String, Pattern> OTHERS = Map.of(
            "cli", Pattern.compile("HOME"),
            "make-stanza", Pattern.compile("PGHOST"),
            "restore", Pattern.compile("TARGET"),
            "kafka", Pattern.compile("KAFKA_[A-Z_]+|CLUSTER_ID"),
            "registry", Pattern.compile("APICURIO_[A-Z_]+"));

    private static final Map<String, Set<String>> KNOWN = new ConcurrentHashMap<>();

    private SettingRules() {}

    /** A misspelt variable would be passed over in silence. */
    static List<String> known(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            for (JsonNode container : pod.containers()) {
                String name = container.path("name").asText();
                Set<String> seen = new TreeSet<>();
                variables(manifests, container).forEach(variable -> {
                    if (!isKnown(name, variable)) {
                        complaints.add("%s: %s is no variable of it".formatted(pod.at(container), variable));
                    }
                });
                Manifests.each(container.path("env"))
                        .map(entry -> entry.path("name").asText())
                        .filter(variable -> !seen.add(variable))
                        .forEach(variable ->
                                complaints.add("%s: %s is set twice".formatted(pod.at(container), variable)));
            }
        }
        return complaints;
    }

    /** A file or folder that a variable or a command names is on a volume. */
    static List<String> mounted(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            for (JsonNode container : pod.containers()) {
                List<String> places = Manifests.each(container.path("volumeMounts"))
                        .map(mount -> mount.path("mountPath").asText())
                        .toList();
                Stream<String> commands =
                        Manifests.each(container.path("command")).map(JsonNode::asText);
                Stream.concat(values(manifests, container), commands)
                        .filter(value -> value.startsWith("/"))
                        .filter(value -> places.stream()
                                .noneMatch(place -> value.equals(place) || value.startsWith(place + "/")))
                        .forEach(value -> complaints.add("%s: %s is on no volume".formatted(pod.at(container), value)));
            }
        }
        return complaints;
    }

    private static Stream<String> values(Manifests manifests, JsonNode container) {
        return Stream.concat(
                        Manifests.each(container.path("env")).map(entry -> entry.path("value")),
                        shared(manifests, container).map(Map.Entry::getValue))
                .map(JsonNode::asText);
    }

    /** The ports are those that the services listen on where nothing else is said. */
    static List<String> ports(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            for (JsonNode container : pod.containers()) {
                Integer port = PORTS.get(container.path("name").asText());
                if (port != null && container.at("/ports/0/containerPort").asInt() != port) {
                    complaints.add("%s: the port must be %d".formatted(pod.at(container), port));
                }
                Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .flatMap(probe -> Stream.of("httpGet", "tcpSocket")
                                .map(way -> container.path(probe).path(way)))
                        .filter(JsonNode::isObject)
                        .filter(probe -> !named(container, probe.path("port").asText()))
                        .forEach(probe -> complaints.add(
                                "%s: a probe asks at a port that is not there".formatted(pod.at(container))));
            }
        }
        manifests
                .ofKind("Service")
                .forEach(service -> service.json().at("/spec/ports").forEach(port -> {
                    boolean there = manifests.pods().stream()
                            .filter(pod -> service.json().at("/spec/selector").properties().stream()
                                    .allMatch(label -> label.getValue()
                                            .asText()
                                            .equals(pod.labels().get(label.getKey()))))
                            .flatMap(pod -> pod.containers().stream())
                            .anyMatch(container ->
                                    named(container, port.path("targetPort").asText()));
                    if (!there) {
                        complaints.add("%s: nobody has the port %s".formatted(service, port.path("targetPort")));
                    }
                }));
        return complaints;
    }

    /** The ports of the rule above, as the services' own sources say. */
    static Map<String, Integer> portsOfTheServices() {
        return PORTS.keySet().stream().collect(Collectors.toMap(name -> name, SettingRules::portOf));
    }

    private static int portOf(String service) {
        String variable = "HOLDFAST_%s_PORT".formatted(service.toUpperCase(java.util.Locale.ROOT));
        Pattern inProperties = Pattern.compile("\\$\\{%s:(\\d+)}|\"%s\", (\\d+)".formatted(variable, variable));
        return sources(Objects.requireNonNull(MODULES.get(service)))
                .flatMap(text -> inProperties.matcher(text).results())
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .map(Integer::valueOf)
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> variables(Manifests manifests, JsonNode container) {
        Stream<String> own = Manifests.each(container.path("env"))
                .map(entry -> entry.path("name").asText());
        return Stream.concat(own, shared(manifests, container).map(Map.Entry::getKey));
    }

    private static Stream<Map.Entry<String, JsonNode>> shared(Manifests manifests, JsonNode container) {
        return Manifests.each(container.path("envFrom"))
                .map(from -> from.at("/configMapRef/name").asText())
                .flatMap(name ->
                        manifests.ofKind("ConfigMap").filter(map -> map.name().equals(name)))
                .flatMap(map -> map.json().path("data").properties().stream());
    }

    private static boolean isKnown(String container, String variable) {
        if (OTHERS.containsKey(container)
                && OTHERS.get(container).matcher(variable).matches()) {
            return true;
        }
        String module = MODULES.get(container);
        if (module == null) {
            return false;
        }
        Set<String> known = KNOWN.computeIfAbsent(module, SettingRules::variablesOf);
        boolean overHttp = container.equals("scheduler") || container.equals("catalog");
        return known.contains(variable)
                // the images' start script takes secrets from files
                || (variable.endsWith("_FILE") && known.contains(variable.substring(0, variable.length() - 5)))
                || (overHttp && SPRINGS.matcher(variable).matches());
    }

    private static Set<String> variablesOf(String module) {
        return Stream.of(module, "schemas")
                .flatMap(SettingRules::sources)
                .flatMap(text -> VARIABLE.matcher(text).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> sources(String module) {
        try (Stream<Path> files = Files.walk(Manifests.ROOT.resolve(module).resolve("src/main"))) {
            return files
                    .filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith("application.yml"))
                    .map(SettingRules::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean named(JsonNode container, String port) {
        return Manifests.each(container.path("ports"))
                .anyMatch(one -> one.path("name").asText().equals(port)
                        || one.path("containerPort").asText().equals(port));
    }
}
