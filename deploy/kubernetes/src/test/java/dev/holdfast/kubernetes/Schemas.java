package dev.holdfast.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The fields and types of resources, as their makers have them. */
final class Schemas {

    private static final Map<String, Class<?>> CUSTOM = Map.of(
            "kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class,
            "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class);

    // Kubernetes' own classes take any text where few words are allowed
    private static final Map<String, Set<String>> WORDS = Map.ofEntries(
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("restartPolicy", Set.of("Always", "OnFailure", "Never")),
            Map.entry("protocol", Set.of("TCP", "UDP", "SCTP")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")),
            Map.entry("operator", Set.of("In", "NotIn", "Exists", "DoesNotExist")),
            Map.entry("whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway")),
            Map.entry("concurrencyPolicy", Set.of("Allow", "Forbid", "Replace")),
            Map.entry("sessionAffinity", Set.of("None", "ClientIP")),
            Map.entry("failurePolicy", Set.of("Fail", "Ignore")),
            Map.entry("fsGroupChangePolicy", Set.of("Always", "OnRootMismatch")),
            Map.entry("podManagementPolicy", Set.of("Parallel", "OrderedReady")),
            Map.entry("unhealthyPodEvictionPolicy", Set.of("IfHealthyBudget", "AlwaysAllow")),
            Map.entry("medium", Set.of("Memory")),
            Map.entry("scheme", Set.of("HTTP", "HTTPS")),
            Map.entry("operations", Set.of("CREATE", "UPDATE", "DELETE", "CONNECT")),
            Map.entry("validationActions", Set.of("Deny", "Warn", "Audit")),
            Map.entry("whenDeleted", Set.of("Retain", "Delete")),
            Map.entry("whenScaled", Set.of("Retain", "Delete")));

    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new NothingElse());

    private Schemas() {}

    /** What is wrong with these; empty if nothing is. */
    static List<String> complaints(Manifests manifests) {
        List<String> complaints = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Resource resource : manifests.resources()) {
            complaint(resource).ifPresent(words -> complaints.add(resource + ": " + words));
            boolean custom = CUSTOM.containsKey(resource.apiVersion() + "/" + resource.kind());
            if (!custom) {
                words(resource.json(), resource.toString(), complaints);
            }
            if (!seen.add(resource.toString())) {
                complaints.add(resource + " is there twice");
            }
        }
        return complaints;
    }

    private static Optional<String> complaint(Resource resource) {
        Class<?> custom = CUSTOM.get(resource.apiVersion() + "/" + resource.kind());
        return custom == null ? kubernetes(resource) : strict(resource, custom);
    }

    private static Optional<String> kubernetes(Resource resource) {
        String version = resource.apiVersion().substring(resource.apiVersion().indexOf('/') + 1);
        String type = "io.kubernetes.client.openapi.models." + Character.toUpperCase(version.charAt(0))
                + version.substring(1) + resource.kind();
        try {
            JsonElement json = JsonParser.parseString(resource.json().toString());
            Class.forName(type)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, json);
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("Kubernetes knows no " + resource.kind() + " of " + resource.apiVersion());
        } catch (InvocationTargetException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type, e);
        }
    }

    private static Optional<String> strict(Resource resource, Class<?> type) {
        try {
            JsonNode understood = STRICT.valueToTree(STRICT.treeToValue(resource.json(), type));
            return lost(resource.json(), understood);
        } catch (JsonProcessingException e) {
            return Optional.of(e.getOriginalMessage());
        }
    }

    /** These classes read a word that they do not know as nothing. */
    private static Optional<String> lost(JsonNode written, JsonNode understood) {
        if (written.isValueNode()) {
            // what is so by default is left out when it is written again
            return understood.isMissingNode() || written.asText().equals(understood.asText())
                    ? Optional.empty()
                    : Optional.of("'%s' is not understood".formatted(written.asText()));
        }
        Stream<Optional<String>> parts = written.isArray()
                ? IntStream.range(0, written.size()).mapToObj(i -> lost(written.path(i), understood.path(i)))
                : written.properties().stream().map(field -> lost(field.getValue(), understood.path(field.getKey())));
        return parts.flatMap(Optional::stream).findFirst();
    }

    private static void words(JsonNode node, String where, List<String> complaints) {
        if (node.isArray()) {
            node.forEach(element -> words(element, where, complaints));
            return;
        }
        node.properties().forEach(field -> {
            Set<String> allowed = WORDS.get(field.getKey());
            if (allowed != null) {
                JsonNode value = field.getValue();
                Iterable<JsonNode> values = value.isArray() ? value : List.of(value);
                values.forEach(word -> {
                    if (word.isTextual() && !allowed.contains(word.asText())) {
                        complaints.add("%s: %s is '%s', expected one of %s"
                                .formatted(where, field.getKey(), word.asText(), allowed));
                    }
                });
            }
            words(field.getValue(), where, complaints);
        });
    }

    /** These classes put what they do not know into a map; here it shall be refused. */
    private static final class NothingElse extends JacksonAnnotationIntrospector {

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
