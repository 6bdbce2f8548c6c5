package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Sandbox;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

/** The rights that the manifests give the validator are those that its calls need, and no others. */
@Timeout(300)
class KubernetesRightsTest {

    private static final Path BASE = Path.of("../deploy/kubernetes/base");

    @Test
    void theRoleIsWhatIsCalled() throws IOException {
        try (RecordingCluster cluster = new RecordingCluster();
                KubernetesClient client = cluster.client()) {
            KubernetesEngine engine =
                    new KubernetesEngine(client, FakeCluster.SITE, FakeCluster.settings("pool/me"), Clock.systemUTC());
            try (Sandbox sandbox = engine.open(FakeCluster.wanted())) {
                assertThat(sandbox.run(new Sandbox.Command(List.of("true"), Duration.ofMinutes(1)))
                                .exitCode())
                        .isZero();
            }
            engine.removeLeftovers();

            assertThat(cluster.rights()).isEqualTo(granted());
        }
    }

    @Test
    void thePolicyOfTheManifestsIsTheOneThatIsLookedFor() throws IOException {
        NetworkPolicy made = new KubernetesSerialization()
                .convertValue(document("network.yaml", "NetworkPolicy", SandboxPod.POLICY), NetworkPolicy.class);

        assertThat(made).isEqualTo(SandboxPod.denyAll());
    }

    private static Set<String> granted() throws IOException {
        Set<String> rights = new TreeSet<>();
        for (PolicyRule rule : new KubernetesSerialization()
                .convertValue(document("validator-rights.yaml", "Role", "holdfast-validator"), Role.class)
                .getRules()) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs()
                            .forEach(verb -> rights.add(
                                    "%s%s %s".formatted(group.isEmpty() ? "" : group + "/", resource, verb)));
                }
            }
        }
        return rights;
    }

    private static Map<?, ?> document(String file, String kind, String name) throws IOException {
        try (InputStream in = Files.newInputStream(BASE.resolve(file))) {
            return StreamSupport.stream(new Yaml().loadAll(in).spliterator(), false)
                    .map(Map.class::cast)
                    .filter(document -> kind.equals(document.get("kind")))
                    .filter(document ->
                            document.get("metadata") instanceof Map<?, ?> metadata && name.equals(metadata.get("name")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
