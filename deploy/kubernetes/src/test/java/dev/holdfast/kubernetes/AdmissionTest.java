package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the admission policies decide, their expressions evaluated as the cluster would. The pod is one that the validator made; a test of the
 * validator keeps it so.
 */
class AdmissionTest {

    private static final String VALIDATOR = "system:serviceaccount:ai-governance:holdfast-validator";
    private static final String MAKES = "holdfast-validator-makes-sandboxes-only";
    private static final String TOUCHES = "holdfast-validator-touches-sandboxes-only";
    private static final String SANDBOX = "holdfast-7f0c9d7e-3a51-4f0e-9a53-2f6d1f3b8c11-2xk9";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("object", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().build();

    private final Manifests manifests = Manifests.of(Manifests.HOME.resolve("overlays/production"));

    private record Attack(String name, Consumer<ObjectNode> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void aSandboxIsAdmitted() throws Exception {
        assertThat(refusals(MAKES, VALIDATOR, sandbox())).isEmpty();
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack(
                        "a Secret as a volume",
                        pod -> pod.withArray("/spec/volumes")
                                .addObject()
                                .put("name", "x")
                                .putObject("secret")
                                .put("secretName", "holdfast-repository-cipher")),
                new Attack(
                        "a token as a volume",
                        pod -> pod.withArray("/spec/volumes")
                                .addObject()
                                .put("name", "x")
                                .putObject("projected")
                                .putArray("sources")),
                new Attack(
                        "the database's data",
                        pod -> pod.withArray("/spec/volumes")
                                .addObject()
                                .put("name", "x")
                                .putObject("persistentVolumeClaim")
                                .put("claimName", "data-mcpgov-db-0")
                                .put("readOnly", true)),
                new Attack(
                        "the repository to write",
                        pod -> pod.at("/spec/volumes").forEach(volume -> {
                            if (volume.has("persistentVolumeClaim")) {
                                ((ObjectNode) volume.path("persistentVolumeClaim")).put("readOnly", false);
                            }
                        })),
                new Attack(
                        "a Secret as a variable",
                        pod -> pod.withArray("/spec/containers/0/env")
                                .addObject()
                                .put("name", "X")
                                .putObject("valueFrom")
                                .putObject("secretKeyRef")
                                .put("name", "mcpgov-db")
                                .put("key", "password")),
                new Attack(
                        "all of a Secret as variables",
                        pod -> ((ObjectNode) pod.at("/spec/containers/0"))
                                .putArray("envFrom")
                                .addObject()
                                .putObject("secretRef")
                                .put("name", "mcpgov-db")),
                new Attack(
                        "a second container",
                        pod -> pod.withArray("/spec/containers").addObject().put("name", "y")),
                new Attack(
                        "a container before it",
                        pod -> pod.withArray("/spec/initContainers").addObject().put("name", "y")),
                new Attack(
                        "another account",
                        pod -> ((ObjectNode) pod.path("spec")).put("serviceAccountName", "holdfast-validator")),
                new Attack("a token", pod -> ((ObjectNode) pod.path("spec")).put("automountServiceAccountToken", true)),
                new Attack(
                        "no word of tokens",
                        pod -> ((ObjectNode) pod.path("spec")).remove("automountServiceAccountToken")),
                new Attack("no label", pod -> ((ObjectNode) pod.path("metadata")).remove("labels")),
                new Attack("another name", pod -> ((ObjectNode) pod.path("metadata")).put("name", "mcpgov-db-1")));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void whatIsNoSandboxIsRefused(Attack attack) throws Exception {
        ObjectNode pod = sandbox();
        attack.change().accept(pod);

        assertThat(refusals(MAKES, VALIDATOR, pod)).isNotEmpty();
    }

    @Test
    void nobodyElseIsMeant() throws Exception {
        ObjectNode pod = JSON.createObjectNode();
        pod.putObject("metadata").put("name", "anything");

        assertThat(refusals(MAKES, "system:serviceaccount:kube-system:replicaset-controller", pod))
                .isEmpty();
        assertThat(refusals(TOUCHES, "alice", pod)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {SANDBOX, "holdfast-sandbox-deny-all"})
    void itsOwnIsTouched(String name) throws Exception {
        assertThat(refusals(TOUCHES, VALIDATOR, named(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcpgov-db-0",
                "holdfast-validator-0",
                "holdfast-catalog-7d9c5b9f6b-abcde",
                "allow-all",
                "x-" + SANDBOX
            })
    void whatIsOthersIsNotTouched(String name) throws Exception {
        assertThat(refusals(TOUCHES, VALIDATOR, named(name))).isNotEmpty();
    }

    private ObjectNode sandbox() throws Exception {
        ObjectNode pod = (ObjectNode) JSON.readTree(Manifests.ROOT
                .resolve("validator-service/src/test/resources/sandbox-pod.json")
                .toFile());
        assertThat(pod.at("/metadata/name").asText()).isEqualTo(SANDBOX);
        return pod;
    }

    private static ObjectNode named(String name) {
        ObjectNode thing = JSON.createObjectNode();
        thing.putObject("metadata").put("name", name);
        return thing;
    }

    /** The messages of what is refused; empty if the policy is not about this user. */
    private List<String> refusals(String policy, String user, ObjectNode object) throws Exception {
        JsonNode spec =
                manifests.one("ValidatingAdmissionPolicy", policy).json().path("spec");
        Map<String, Object> variables = Map.of(
                "object",
                JSON.convertValue(object, Map.class),
                "request",
                Map.of(
                        "userInfo",
                        Map.of("username", user),
                        "name",
                        object.at("/metadata/name").asText()));
        List<String> refusals = new ArrayList<>();
        for (JsonNode condition : spec.path("matchConditions")) {
            if (!holds(condition, variables)) {
                return List.of();
            }
        }
        for (JsonNode validation : spec.path("validations")) {
            if (!holds(validation, variables)) {
                refusals.add(validation.path("message").asText());
            }
        }
        return refusals;
    }

    private static boolean holds(JsonNode rule, Map<String, Object> variables) throws Exception {
        var expression = COMPILER.compile(rule.path("expression").asText()).getAst();
        return (Boolean) RUNTIME.createProgram(expression).eval(variables);
    }
}
