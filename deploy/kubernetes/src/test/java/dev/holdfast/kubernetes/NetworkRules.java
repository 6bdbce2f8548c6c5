package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Rules on who reaches whom. */
final class NetworkRules {

    private static final Map<String, String> SANDBOX = Map.of("dev.holdfast.sandbox", "some test");

    /** Pods that are not in the manifests: the validator's, and those of the site. */
    private static final Map<String, Map<String, String>> OTHERS = Map.of(
            "sandbox", SANDBOX,
            "an application", Map.of("dev.holdfast/client", "mcpgov-db"),
            "Strimzi's broker", Map.of("app.kubernetes.io/name", "kafka", "strimzi.io/cluster", "kafka"),
            "a registry", Map.of("app.kubernetes.io/name", "registry"));

    // whose addresses nobody can know beforehand
    private static final Set<String> TO_ANYWHERE = Set.of("validator-to-cluster-api", "to-identity-provider");

    private NetworkRules() {}

    /** Both ways are closed to all pods. */
    static List<String> deniedByDefault(Manifests manifests) {
        boolean denied = manifests
                .ofKind("NetworkPolicy")
                .anyMatch(policy -> policy.json().at("/spec/podSelector").isEmpty()
                        && policy.json().at("/spec/policyTypes").size() == 2
                        && !policy.json().path("spec").has("ingress")
                        && !policy.json().path("spec").has("egress"));
        return denied ? List.of() : List.of("no network policy denies everything by default");
    }

    /** Every selector means somebody: one that is misspelt would open, or close, nothing. */
    static List<String> selectorsMatch(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (Resource policy : manifests.ofKind("NetworkPolicy").toList()) {
            Selector subject = new Selector(policy.json().at("/spec/podSelector"));
            if (!somebody(manifests, subject)) {
                complaints.add("%s selects no pod: %s".formatted(policy, subject));
            }
            peers(policy)
                    .filter(peer -> !peer.has("namespaceSelector") && peer.has("podSelector"))
                    .map(peer -> new Selector(peer.path("podSelector")))
                    .filter(selector -> !somebody(manifests, selector))
                    .forEach(selector -> complaints.add("%s names no pod: %s".formatted(policy, selector)));
        }
        for (String kind : List.of("Service", "PodDisruptionBudget", "PodMonitor")) {
            manifests.ofKind(kind).forEach(resource -> {
                JsonNode json = resource.json().at("/spec/selector");
                boolean matched = manifests.pods().stream()
                        .anyMatch(pod -> kind.equals("Service")
                                ? json.properties().stream()
                                        .allMatch(label -> label.getValue()
                                                .asText()
                                                .equals(pod.labels().get(label.getKey())))
                                : new Selector(json).matches(pod.labels()));
                if (!matched || json.isEmpty()) {
                    complaints.add("%s selects no pod: %s".formatted(resource, json));
                }
            });
        }
        manifests.pods().stream()
                .filter(pod -> pod.owner().json().at("/spec/selector").isObject())
                .filter(pod -> !new Selector(pod.owner().json().at("/spec/selector")).matches(pod.labels()))
                .forEach(pod -> complaints.add(pod.owner() + " does not select its own pods"));
        return complaints;
    }

    /** A path between two pods of ours stands at both ends, on a port that is listened on. */
    static List<String> bothEnds(Manifests manifests) {
        Set<Path> out = paths(manifests, "egress", "to");
        Set<Path> in = paths(manifests, "ingress", "from");
        List<String> complaints = new ArrayList<>();
        out.stream()
                .filter(path -> !in.contains(path))
                .forEach(path -> complaints.add(
                        "%s may go to %s:%s, which does not let it in".formatted(path.from(), path.to(), path.port())));
        in.stream()
                .filter(path -> !out.contains(path))
                .forEach(path -> complaints.add(
                        "%s:%s lets %s in, which may not go there".formatted(path.to(), path.port(), path.from())));
        Stream.concat(out.stream(), in.stream()).distinct().forEach(path -> {
            boolean listened = manifests.pods().stream()
                    .filter(pod -> pod.owner().name().equals(path.to()))
                    .flatMap(pod -> pod.containers().stream())
                    .flatMap(container -> Manifests.each(container.path("ports")))
                    .anyMatch(port -> port.path("containerPort").asText().equals(path.port()));
            if (!listened) {
                complaints.add("nothing of %s listens on %s".formatted(path.to(), path.port()));
            }
        });
        return complaints;
    }

    /** A sandbox reaches nothing, or a repository that is not everywhere. */
    static List<String> sandboxesAreAlone(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (Resource policy : manifests.ofKind("NetworkPolicy").toList()) {
            if (!new Selector(policy.json().at("/spec/podSelector")).matches(SANDBOX)) {
                continue;
            }
            if (policy.json().path("spec").has("ingress")) {
                complaints.add(policy + " lets somebody into a sandbox");
            }
            peers(policy)
                    .filter(peer -> prefix(peer) < 16)
                    .forEach(peer -> complaints.add("%s lets a sandbox reach %s".formatted(policy, peer)));
        }
        return complaints;
    }

    /** "Everywhere" is said where it cannot be avoided, and nowhere else. */
    static List<String> nowhereEverywhere(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (Resource policy : manifests.ofKind("NetworkPolicy").toList()) {
            Stream.of("ingress", "egress")
                    .flatMap(way -> Manifests.each(policy.json().at("/spec/" + way)))
                    .filter(rule -> !rule.has("ports") || !(rule.has("to") || rule.has("from")))
                    .forEach(rule -> complaints.add("%s does not say both who and which port".formatted(policy)));
            if (!TO_ANYWHERE.contains(policy.name())
                    && peers(policy).anyMatch(peer -> prefix(peer) == 0 && peer.has("ipBlock"))) {
                complaints.add(policy + " opens a way to everywhere");
            }
        }
        return complaints;
    }

    private record Path(String from, String to, String port) {}

    private static Set<Path> paths(Manifests manifests, String way, String side) {
        Set<Path> paths = new HashSet<>();
        for (Resource policy : manifests.ofKind("NetworkPolicy").toList()) {
            Selector subject = new Selector(policy.json().at("/spec/podSelector"));
            for (JsonNode rule : policy.json().at("/spec/" + way)) {
                for (JsonNode peer : rule.path(side)) {
                    if (peer.has("podSelector") && !peer.has("namespaceSelector")) {
                        Selector other = new Selector(peer.path("podSelector"));
                        paths.addAll(paths(
                                manifests,
                                rule,
                                way.equals("egress") ? subject : other,
                                way.equals("egress") ? other : subject));
                    }
                }
            }
        }
        return paths;
    }

    private static List<Path> paths(Manifests manifests, JsonNode rule, Selector from, Selector to) {
        List<Path> paths = new ArrayList<>();
        for (PodTemplate source : manifests.pods()) {
            for (PodTemplate target : manifests.pods()) {
                if (from.matches(source.labels()) && to.matches(target.labels())) {
                    rule.path("ports")
                            .forEach(port -> paths.add(new Path(
                                    source.owner().name(),
                                    target.owner().name(),
                                    port.path("port").asText())));
                }
            }
        }
        return paths;
    }

    private static boolean somebody(Manifests manifests, Selector selector) {
        return manifests.pods().stream().anyMatch(pod -> selector.matches(pod.labels()))
                || OTHERS.values().stream().anyMatch(selector::matches);
    }

    private static Stream<JsonNode> peers(Resource policy) {
        return Stream.of("/spec/ingress", "/spec/egress")
                .flatMap(way -> Manifests.each(policy.json().at(way)))
                .flatMap(rule -> Stream.of("from", "to").flatMap(side -> Manifests.each(rule.path(side))));
    }

    /** How narrow a block of addresses is; 0 for peers that are none. */
    private static int prefix(JsonNode peer) {
        String cidr = peer.at("/ipBlock/cidr").asText("/0");
        return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
    }
}
