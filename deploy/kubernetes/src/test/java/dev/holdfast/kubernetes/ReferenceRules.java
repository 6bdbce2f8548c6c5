package dev.holdfast.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules on what resources name: it is there, or {@link #YOURS} says who makes it. */
final class ReferenceRules {

    /** Secrets that README.md tells the site to make, with their keys. */
    static final Map<String, Set<String>> YOURS = new TreeMap<>(Map.ofEntries(
            Map.entry("mcpgov-db", Set.of("password")),
            Map.entry("holdfast-catalog-db", Set.of("password")),
            Map.entry("holdfast-repository-cipher", Set.of("cipher.conf")),
            Map.entry("holdfast-repository-s3", Set.of("s3.conf", "ca.crt")),
            Map.entry("holdfast-repository-s3-reader", Set.of("s3.conf", "ca.crt")),
            Map.entry("holdfast-repository-tls", Set.of("tls.crt", "tls.key", "ca.crt")),
            Map.entry("holdfast-scheduler-tls", Set.of("tls.crt", "tls.key", "ca.crt")),
            Map.entry("holdfast-catalog-tls", Set.of("tls.crt", "tls.key", "ca.crt")),
            Map.entry("holdfast-cli-tls", Set.of("tls.crt", "tls.key", "ca.crt")),
            Map.entry("holdfast-catalog-oidc", Set.of("client-secret")),
            Map.entry("holdfast-cli-oidc", Set.of("client-secret")),
            Map.entry("holdfast-prometheus", Set.of("client-id", "client-secret")),
            Map.entry("kafka-cluster-ca-cert", Set.of("ca.crt")),
            Map.entry("holdfast-scheduler-kafka", Set.of("user.crt", "user.key")),
            Map.entry("holdfast-runner-kafka", Set.of("user.crt", "user.key")),
            Map.entry("holdfast-validator-kafka", Set.of("user.crt", "user.key")),
            Map.entry("holdfast-catalog-kafka", Set.of("user.crt", "user.key")),
            Map.entry("holdfast-cli-kafka", Set.of("user.crt", "user.key"))));

    private ReferenceRules() {}

    /** ConfigMaps with their keys, Secrets, claims, accounts and services. */
    static List<String> exist(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        Set<String> claims = claims(manifests);
        for (PodTemplate pod : manifests.pods()) {
            references(pod.json(), "configMap", "configMapRef", "configMapKeyRef")
                    .forEach(reference -> configMap(manifests, pod, reference, complaints));
            references(pod.json(), "secret", "secretRef", "secretKeyRef")
                    .forEach(reference -> secret(pod.owner().toString(), reference, complaints));
            references(pod.json(), "persistentVolumeClaim")
                    .map(claim -> claim.path("claimName").asText())
                    .filter(claim -> !claims.contains(claim))
                    .forEach(claim -> complaints.add("%s: no claim %s".formatted(pod.owner(), claim)));
            String account = pod.spec().path("serviceAccountName").asText("default");
            if (!account.equals("default")
                    && manifests
                            .ofKind("ServiceAccount")
                            .noneMatch(one -> one.name().equals(account))) {
                complaints.add("%s: no service account %s".formatted(pod.owner(), account));
            }
        }
        manifests.ofKind("PodMonitor").forEach(monitor -> {
            monitor.json().findParents("key").forEach(reference -> secret(monitor.toString(), reference, complaints));
        });
        manifests
                .ofKind("StatefulSet")
                .filter(set -> manifests
                        .ofKind("Service")
                        .noneMatch(service -> service.name()
                                .equals(set.json().at("/spec/serviceName").asText())))
                .forEach(set -> complaints.add(set + ": its service is missing"));
        manifests
                .ofKind("ValidatingAdmissionPolicyBinding")
                .filter(binding -> manifests
                        .ofKind("ValidatingAdmissionPolicy")
                        .noneMatch(policy -> policy.name()
                                .equals(binding.json().at("/spec/policyName").asText())))
                .forEach(binding -> complaints.add(binding + ": its policy is missing"));
        return complaints;
    }

    /** Every volume is mounted, and every mount has its volume. */
    static List<String> volumes(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        for (PodTemplate pod : manifests.pods()) {
            Set<String> there = Stream.concat(
                            Manifests.each(pod.spec().path("volumes")),
                            Manifests.each(pod.owner().json().at("/spec/volumeClaimTemplates"))
                                    .map(claim -> claim.path("metadata")))
                    .map(volume -> volume.path("name").asText())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> mounted = new TreeSet<>();
            for (JsonNode container : pod.containers()) {
                Set<String> places = new HashSet<>();
                container.path("volumeMounts").forEach(mount -> {
                    mounted.add(mount.path("name").asText());
                    if (!places.add(mount.path("mountPath").asText())) {
                        complaints.add("%s: two volumes at %s".formatted(pod.at(container), mount.path("mountPath")));
                    }
                });
            }
            if (!there.equals(mounted)) {
                complaints.add("%s: volumes %s, mounted %s".formatted(pod.owner(), there, mounted));
            }
        }
        return complaints;
    }

    /** Everything is in the one namespace, and says that it belongs to the whole. */
    static List<String> namespaced(Manifests manifests) {
        Set<String> wide = Set.of("Namespace", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");
        return manifests.resources().stream()
                .filter(resource -> wide.contains(resource.kind())
                        ? resource.json().path("metadata").has("namespace")
                        : isStray(resource))
                .map(resource -> resource + ": in the wrong namespace, or without the label part-of")
                .toList();
    }

    private static boolean isStray(Resource resource) {
        return !resource.json().at("/metadata/namespace").asText().equals("ai-governance")
                || !resource.json()
                        .at("/metadata/labels/app.kubernetes.io~1part-of")
                        .asText()
                        .equals("holdfast");
    }

    private static Set<String> claims(Manifests manifests) {
        Set<String> claims = manifests
                .ofKind("PersistentVolumeClaim")
                .map(Resource::name)
                .collect(Collectors.toCollection(TreeSet::new));
        manifests
                .ofKind("StatefulSet")
                .forEach(set -> set.json()
                        .at("/spec/volumeClaimTemplates")
                        .forEach(claim -> claims.add(claim.at("/metadata/name").asText() + "-" + set.name() + "-0")));
        return claims;
    }

    private static void configMap(Manifests manifests, PodTemplate pod, JsonNode reference, List<String> complaints) {
        if (reference.path("optional").asBoolean()) {
            return;
        }
        String name = reference.path("name").asText();
        var found = manifests
                .ofKind("ConfigMap")
                .filter(map -> map.name().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            complaints.add("%s: no ConfigMap %s".formatted(pod.owner(), name));
            return;
        }
        keys(reference)
                .filter(key -> !found.get().json().path("data").has(key))
                .forEach(key -> complaints.add("%s: ConfigMap %s has no %s".formatted(pod.owner(), name, key)));
    }

    private static void secret(String where, JsonNode reference, List<String> complaints) {
        String name = reference.path("secretName").asText(reference.path("name").asText());
        Set<String> keys = YOURS.get(name);
        if (keys == null) {
            complaints.add("%s: nobody makes Secret %s".formatted(where, name));
            return;
        }
        keys(reference)
                .filter(key -> !keys.contains(key))
                .forEach(key -> complaints.add("%s: Secret %s has no %s".formatted(where, name, key)));
    }

    private static Stream<String> keys(JsonNode reference) {
        return Stream.concat(
                        Stream.of(reference.path("key")),
                        Manifests.each(reference.path("items")).map(item -> item.path("key")))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    private static Stream<JsonNode> references(JsonNode json, String... fields) {
        return Stream.of(fields)
                .flatMap(field -> json.findValues(field).stream())
                .filter(JsonNode::isObject);
    }
}
