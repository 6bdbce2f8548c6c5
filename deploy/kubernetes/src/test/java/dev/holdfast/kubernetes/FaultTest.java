package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each fault, put into a copy of what is good, is found by its rule: a rule that finds nothing is worth nothing. */
class FaultTest {

    private record Fault(String name, String folder, Consumer<Manifests> mistake, String rule) {}

    @TestFactory
    Stream<DynamicTest> everyFaultIsFound() {
        return faults().stream()
                .map(fault -> DynamicTest.dynamicTest(fault.name(), () -> {
                    Manifests copy = Manifests.of(Manifests.HOME.resolve(fault.folder()));
                    assertThat(Rules.complaints(copy)).isEmpty();
                    fault.mistake().accept(copy);

                    assertThat(Rules.complaints(copy)).anyMatch(complaint -> complaint.startsWith(fault.rule() + ": "));
                }));
    }

    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        Adder dev = (name, rule, mistake) -> faults.add(new Fault(name, "overlays/dev", mistake, rule));
        schemas(dev, faults);
        pods(dev);
        references(dev);
        network(dev, faults);
        return faults;
    }

    private static void schemas(Adder dev, List<Fault> faults) {
        dev.add(
                "a misspelt field",
                "schemas",
                in("Deployment", "holdfast-scheduler", "/spec", spec -> spec.put("replica", 2)));
        dev.add(
                "a misspelt field deep inside",
                "schemas",
                in(
                        "StatefulSet",
                        "mcpgov-db",
                        "/spec/template/spec/containers/0/readinessProbe/httpGet",
                        get -> get.put("pth", "/")));
        dev.add(
                "a field of another type",
                "schemas",
                in(
                        "StatefulSet",
                        "mcpgov-db",
                        "/spec/template/spec/containers/0",
                        container -> container.putObject("ports")));
        dev.add(
                "a word that is none",
                "schemas",
                inContainer("scheduler", container -> container.put("imagePullPolicy", "Sometimes")));
        dev.add(
                "an API that does not exist",
                "schemas",
                in("Deployment", "holdfast-cli", "", cli -> cli.put("apiVersion", "apps/v2")));
        dev.add(
                "the same thing twice",
                "schemas",
                in("NetworkPolicy", "to-dns", "/metadata", metadata -> metadata.put("name", "to-kafka")));
        String strimzi = "src/test/compositions/strimzi-and-monitoring";
        faults.add(new Fault(
                "a topic's misspelt field",
                strimzi,
                in("KafkaTopic", "holdfast.policies", "/spec", spec -> spec.put("partition", 12)),
                "schemas"));
        faults.add(new Fault(
                "a grant for an operation that Kafka has not",
                strimzi,
                in(
                        "KafkaUser",
                        "holdfast-cli-kafka",
                        "/spec/authorization/acls/0",
                        acl -> acl.putArray("operations").add("Look")),
                "schemas"));
        faults.add(new Fault(
                "a monitor's misspelt field",
                strimzi,
                in(
                        "PodMonitor",
                        "holdfast-runner",
                        "/spec/podMetricsEndpoints/0",
                        point -> point.put("intervall", "1m")),
                "schemas"));
        faults.add(new Fault(
                "an alert's misspelt field",
                strimzi,
                in("PrometheusRule", "holdfast", "/spec/groups/0/rules/0", rule -> rule.put("annotation", "")),
                "schemas"));
    }

    private static void pods(Adder dev) {
        String restricted = "Pod Security restricted";
        dev.add("a privileged container", restricted, context("runner", context -> context.put("privileged", true)));
        dev.add(
                "escalation allowed",
                restricted,
                context("runner", context -> context.remove("allowPrivilegeEscalation")));
        dev.add("a capability kept", restricted, context("postgres", context -> context.putObject("capabilities")));
        dev.add(
                "a capability added",
                restricted,
                context(
                        "postgres",
                        context -> context.withObject("/capabilities")
                                .putArray("add")
                                .add("NET_ADMIN")));
        dev.add("a container as root", restricted, context("catalog", context -> context.put("runAsUser", 0)));
        dev.add(
                "another seccomp profile",
                restricted,
                context(
                        "catalog",
                        context -> context.putObject("seccompProfile").put("type", "Unconfined")));
        dev.add(
                "a pod that may be root",
                restricted,
                in(
                        "Deployment",
                        "holdfast-catalog",
                        "/spec/template/spec/securityContext",
                        context -> context.remove("runAsNonRoot")));
        dev.add(
                "the host's network",
                restricted,
                in("Deployment", "holdfast-catalog", "/spec/template/spec", spec -> spec.put("hostNetwork", true)));
        dev.add(
                "a folder of the host",
                restricted,
                in("Deployment", "holdfast-catalog", "/spec/template/spec/volumes/0", volume -> {
                    volume.remove("emptyDir");
                    volume.putObject("hostPath").put("path", "/");
                }));
        dev.add(
                "a port of the host",
                restricted,
                inContainer(
                        "scheduler",
                        container -> object(container.at("/ports/0")).put("hostPort", 80)));
        dev.add(
                "a root that can be written",
                "read-only root",
                context("validator", context -> context.remove("readOnlyRootFilesystem")));
        dev.add(
                "an image without a tag",
                "versioned images",
                inContainer("cli", container -> container.put("image", "holdfast/cli")));
        dev.add(
                "the newest image",
                "versioned images",
                inContainer("cli", container -> container.put("image", "holdfast/cli:latest")));
        dev.add(
                "no limit",
                "resources",
                inContainer(
                        "cli",
                        container -> object(container.at("/resources/limits")).remove("memory")));
        dev.add("no probe", "probes", inContainer("postgres", container -> container.remove("livenessProbe")));
        dev.add(
                "a token for the catalog",
                "no tokens",
                in(
                        "Deployment",
                        "holdfast-catalog",
                        "/spec/template/spec",
                        spec -> spec.remove("automountServiceAccountToken")));
        dev.add(
                "no strategy",
                "how copies are replaced",
                in("Deployment", "holdfast-catalog", "/spec", spec -> spec.remove("strategy")));
        dev.add(
                "PostgreSQL before its cluster",
                "order",
                inList(
                        "StatefulSet",
                        "mcpgov-db",
                        "/spec/template/spec/initContainers",
                        list -> list.add(list.remove(0))));
        dev.add(
                "two copies on one node",
                "how copies are replaced",
                in("Deployment", "holdfast-catalog", "", catalog -> {
                    object(catalog.path("spec")).put("replicas", 2);
                    object(catalog.at("/spec/template/spec")).remove("topologySpreadConstraints");
                }));
    }

    private static void references(Adder dev) {
        dev.add(
                "a ConfigMap that is not there",
                "references",
                inContainer(
                        "cli",
                        container ->
                                object(container.at("/envFrom/0/configMapRef")).put("name", "holdfast")));
        dev.add(
                "a Secret that nobody makes",
                "references",
                inList(
                        "Deployment",
                        "holdfast-catalog",
                        "/spec/template/spec/volumes",
                        volumes -> volumes.addObject()
                                .put("name", "x")
                                .putObject("secret")
                                .put("secretName", "holdfast-secret")));
        dev.add(
                "a claim that is not there",
                "references",
                in(
                        "StatefulSet",
                        "mcpgov-db",
                        "",
                        database -> database.findParents("claimName")
                                .forEach(parent -> object(parent).put("claimName", "repository"))));
        dev.add(
                "an account that is not there",
                "references",
                in(
                        "StatefulSet",
                        "holdfast-validator",
                        "/spec/template/spec",
                        spec -> spec.put("serviceAccountName", "validator")));
        dev.add(
                "a mount without its volume",
                "volumes",
                inContainer(
                        "scheduler",
                        container -> object(container.at("/volumeMounts/0")).put("name", "stat")));
        dev.add(
                "another namespace",
                "namespace",
                in("Service", "kafka", "/metadata", metadata -> metadata.put("namespace", "default")));
        dev.add(
                "a variable that nobody reads",
                "known variables",
                inContainer(
                        "runner", container -> object(container.at("/env/0")).put("name", "HOLDFAST_INSTANCES")));
        dev.add(
                "a variable of another service",
                "known variables",
                inContainer(
                        "runner", container -> object(container.at("/env/0")).put("name", "HOLDFAST_CATALOG_DB")));
        dev.add(
                "a folder that is on no volume",
                "paths",
                inContainer(
                        "runner",
                        container -> container.withArray("/volumeMounts").removeAll()));
        dev.add(
                "another port than the service's",
                "ports",
                inContainer(
                        "runner", container -> object(container.at("/ports/0")).put("containerPort", 8080)));
        dev.add(
                "a service without its port",
                "ports",
                in("Service", "kafka", "/spec/ports/0", port -> port.put("targetPort", "broker")));
    }

    private static void network(Adder dev, List<Fault> faults) {
        dev.add(
                "nothing is denied",
                "denied by default",
                in(
                        "NetworkPolicy",
                        "default-deny",
                        "/spec",
                        spec -> spec.putArray("policyTypes").add("Ingress")));
        dev.add(
                "a policy that selects nobody",
                "selectors",
                in("NetworkPolicy", "to-dns", "/spec/podSelector", selector -> {
                    selector.removeAll();
                    selector.putObject("matchLabels").put("app", "holdfast");
                }));
        dev.add(
                "a service that selects nobody",
                "selectors",
                in(
                        "Service",
                        "registry",
                        "/spec/selector",
                        selector -> selector.put("app.kubernetes.io/name", "apicurio")));
        dev.add(
                "a budget that selects nobody",
                "selectors",
                in(
                        "PodDisruptionBudget",
                        "mcpgov-db",
                        "/spec/selector",
                        selector -> selector.putObject("matchLabels").put("app.kubernetes.io/name", "db")));
        dev.add(
                "a path with one end",
                "both ends of a path",
                inList("NetworkPolicy", "cli-to-services", "/spec/egress", egress -> egress.remove(0)));
        dev.add(
                "a path to a port where nobody listens",
                "both ends of a path",
                in("NetworkPolicy", "cli-to-services", "/spec/egress/0/ports/0", port -> port.put("port", 8080)));
        dev.add(
                "a sandbox that reaches everything",
                "sandboxes are alone",
                in("NetworkPolicy", "validator-to-cluster-api", "/spec/podSelector", ObjectNode::removeAll));
        dev.add(
                "a way to everywhere",
                "nowhere everywhere",
                in("NetworkPolicy", "validator-to-cluster-api", "/metadata", metadata -> metadata.put("name", "out")));
        dev.add(
                "a rule for all ports",
                "nowhere everywhere",
                in("NetworkPolicy", "catalog-to-its-database", "/spec/egress/0", rule -> rule.remove("ports")));
        faults.add(new Fault(
                "a sandbox that somebody may call",
                "overlays/s3",
                in(
                        "NetworkPolicy",
                        "sandbox-to-bucket",
                        "/spec",
                        spec -> spec.putArray("ingress").addObject()),
                "sandboxes are alone"));
    }

    private interface Adder {
        void add(String name, String rule, Consumer<Manifests> mistake);
    }

    private static Consumer<Manifests> in(String kind, String name, String at, Consumer<ObjectNode> mistake) {
        return manifests ->
                mistake.accept(object(manifests.one(kind, name).json().at(at)));
    }

    private static Consumer<Manifests> inList(String kind, String name, String at, Consumer<ArrayNode> mistake) {
        return manifests ->
                mistake.accept((ArrayNode) manifests.one(kind, name).json().at(at));
    }

    private static Consumer<Manifests> inContainer(String name, Consumer<ObjectNode> mistake) {
        return manifests -> mistake.accept(object(manifests.pods().stream()
                .flatMap(pod -> pod.containers().stream())
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()));
    }

    private static Consumer<Manifests> context(String container, Consumer<ObjectNode> mistake) {
        return inContainer(container, found -> mistake.accept(object(found.path("securityContext"))));
    }

    private static ObjectNode object(JsonNode node) {
        return (ObjectNode) node;
    }
}
