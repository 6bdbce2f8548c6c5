package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages on Kubernetes say, as far as it can be tried without a cluster: names are those of the manifests, pipes do what they shall. */
class GuideTest {

    private static final Path DOCS = Manifests.ROOT.resolve("docs");
    private static final List<String> PAGES = List.of("guide/kubernetes.md", "runbooks/restore-kubernetes.md");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern COMMAND = Pattern.compile("kubectl -n ai-governance [^`\\n]+");
    private static final Pattern NAMED =
            Pattern.compile("\\b(deploy|deployment|statefulset|cronjob|service|pod|pvc)[/ ]([a-z0-9][a-z0-9-]+)");
    private static final Pattern IN_A_POD = Pattern.compile("(?:exec|logs)(?: -it)? ([a-z0-9-]+)-0 .*?-c ([a-z-]+)");
    private static final Pattern CLI = Pattern.compile("-- holdfast ([a-z]+)(?: (pause|resume|apply|get|list))?");

    // the site's own
    private static final Pattern THEIRS = Pattern.compile("mcp-(gateway|policy|audit|lineage)");

    private final Manifests manifests = Manifests.of(Manifests.HOME.resolve("overlays/production"));

    @ParameterizedTest
    @ValueSource(strings = {"guide/kubernetes.md", "runbooks/restore-kubernetes.md"})
    void everythingThatIsNamedIsThere(String page) throws IOException {
        Set<String> there = there();
        List<String> named = commands(page)
                .flatMap(command -> NAMED.matcher(command).results())
                .map(match -> kind(match.group(1)) + "/" + match.group(2))
                .filter(name ->
                        !THEIRS.matcher(name.substring(name.indexOf('/') + 1)).matches())
                .toList();

        assertThat(named).isNotEmpty().allMatch(there::contains, "is in the manifests: " + there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"guide/kubernetes.md", "runbooks/restore-kubernetes.md"})
    void everyContainerIsInItsPod(String page) throws IOException {
        List<String> entered = commands(page)
                .flatMap(command -> IN_A_POD.matcher(command).results())
                .map(match -> match.group(1) + " " + match.group(2))
                .toList();

        assertThat(entered)
                .isNotEmpty()
                .isSubsetOf(manifests.pods().stream()
                        .flatMap(pod -> pod.containers().stream()
                                .map(container -> pod.owner().name() + " "
                                        + container.path("name").asText()))
                        .toList());
    }

    @Test
    void everyCommandOfHoldfastExists() throws IOException {
        String reference = Files.readString(DOCS.resolve("cli.md"));
        for (String page : PAGES) {
            Matcher used = CLI.matcher(Files.readString(DOCS.resolve(page)));
            while (used.find()) {
                String command = used.group(1) + (used.group(2) == null ? "" : " " + used.group(2));
                assertThat(reference).as(page).contains("## holdfast " + command + "\n");
            }
        }
    }

    @Test
    void theInstantReachesTheJob() throws Exception {
        ObjectNode job = pipe(
                job(), "kubectl", "set", "env", "--local", "-f", "-", "TARGET=2026-11-26 11:59:30+00", "-o", "yaml");

        assertThat(Files.readString(DOCS.resolve("runbooks/restore-kubernetes.md")))
                .contains("kubectl set env --local -f - 'TARGET=2026-11-26 11:59:30+00' -o yaml");
        assertThat(job.at("/spec/template/spec/containers/0/env/0").toString())
                .isEqualTo("{\"name\":\"TARGET\",\"value\":\"2026-11-26 11:59:30+00\"}");
    }

    @Test
    void theUndoMovesAndDoesNothingElse() throws Exception {
        Matcher patch = Pattern.compile("--type=json -o yaml -p '([^']+)'")
                .matcher(Files.readString(DOCS.resolve("runbooks/restore-kubernetes.md")));
        assertThat(patch.find()).isTrue();

        ObjectNode undo = pipe(
                job(), "kubectl", "patch", "--local", "-f", "-", "--type=json", "-o", "yaml", "-p", patch.group(1));

        assertThat(undo.at("/spec/template/spec/containers/0/command/2").asText())
                .startsWith("cd /var/lib/postgresql/data; test -d pgdata.before-restore;")
                .doesNotContain("rm ");
        ObjectNode unchanged = job();
        ((ObjectNode) unchanged.at("/spec/template/spec/containers/0")).remove("command");
        ((ObjectNode) undo.at("/spec/template/spec/containers/0")).remove("command");
        assertThat(undo.at("/spec")).isEqualTo(unchanged.at("/spec"));
    }

    @Test
    void everySecretOfTheManifestsIsInTheTable() throws IOException {
        String table = Files.readString(Manifests.HOME.resolve("README.md"))
                .replace(
                        "holdfast-{scheduler,runner,validator,catalog,cli}-kafka",
                        "holdfast-scheduler-kafka` `holdfast-runner-kafka` `holdfast-validator-kafka` `holdfast-catalog-kafka` `holdfast-cli-kafka");

        assertThat(ReferenceRules.YOURS.keySet())
                .allSatisfy(secret -> assertThat(table).contains("`" + secret + "`"));
    }

    /** What {@code kubectl create job --from=cronjob/mcpgov-restore} makes, which only a cluster can be asked for. */
    private ObjectNode job() {
        ObjectNode job = YAML.createObjectNode().put("apiVersion", "batch/v1").put("kind", "Job");
        job.putObject("metadata").put("name", "mcpgov-restore-1").put("namespace", "ai-governance");
        job.set("spec", manifests.one("CronJob", "mcpgov-restore").json().at("/spec/jobTemplate/spec"));
        return job;
    }

    private static ObjectNode pipe(ObjectNode in, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        try (var input = process.getOutputStream()) {
            input.write(YAML.writeValueAsBytes(in));
        }
        byte[] printed = process.getInputStream().readAllBytes();
        String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(complaint).isZero();
        return (ObjectNode) YAML.readTree(printed);
    }

    private static Stream<String> commands(String page) throws IOException {
        return COMMAND.matcher(Files.readString(DOCS.resolve(page))).results().map(match -> match.group());
    }

    private static String kind(String word) {
        return word.equals("deploy") ? "deployment" : word;
    }

    private Set<String> there() {
        Set<String> there = new TreeSet<>();
        manifests
                .resources()
                .forEach(resource ->
                        there.add(resource.kind().toLowerCase(java.util.Locale.ROOT) + "/" + resource.name()));
        manifests.ofKind("StatefulSet").forEach(set -> {
            there.add("pod/" + set.name() + "-0");
            set.json()
                    .at("/spec/volumeClaimTemplates")
                    .forEach(claim ->
                            there.add("pvc/" + claim.at("/metadata/name").asText() + "-" + set.name() + "-0"));
        });
        return there;
    }
}
