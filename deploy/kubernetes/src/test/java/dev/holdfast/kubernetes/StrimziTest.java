package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Topics and grants for Strimzi are those of the contract and of {@code deploy/kafka/acls.tsv}. */
class StrimziTest {

    private record Made(int partitions, Map<String, String> settings) {}

    private record Grant(String role, String operation, String resource, String pattern, String name) {}

    private static final Map<String, String> RESOURCES =
            Map.of("topic", "topic", "group", "group", "transactionalId", "transactional-id");
    private static final Map<String, String> PATTERNS = Map.of("prefix", "prefixed", "literal", "literal");

    private final Manifests manifests =
            Manifests.of(Manifests.HOME.resolve("src/test/compositions/strimzi-and-monitoring"));

    @Test
    void topicsAreTheContracts() {
        Map<String, Made> declared = new TreeMap<>();
        Arrays.stream(Topic.values()).forEach(topic -> {
            declared.put(topic.wireName(), new Made(Topic.PARTITIONS, topic.settings()));
            declared.put(topic.deadLetterName(), new Made(1, Topic.deadLetterSettings()));
        });

        Map<String, Made> made = new TreeMap<>();
        manifests.ofKind("KafkaTopic").forEach(topic -> made.put(topic.name(), made(topic)));

        assertThat(made).isEqualTo(declared);
    }

    @Test
    void noTopicLosesWhatOneBrokerHad() {
        assertThat(manifests.ofKind("KafkaTopic")).isNotEmpty().allSatisfy(topic -> {
            assertThat(topic.json().at("/spec/replicas").asInt()).isEqualTo(3);
            assertThat(topic.json().at("/spec/config/min.insync.replicas").asInt())
                    .isEqualTo(2);
        });
    }

    @Test
    void grantsAreThoseOfTheTable() throws IOException {
        List<Grant> table = Files.readAllLines(Manifests.ROOT.resolve("deploy/kafka/acls.tsv")).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split("\t"))
                .map(cells -> new Grant(cells[0], cells[1], cells[2], cells[3], cells[4]))
                .toList();

        assertThat(manifests.ofKind("KafkaUser").flatMap(StrimziTest::grants))
                .containsExactlyInAnyOrderElementsOf(table);
        assertThat(manifests.ofKind("KafkaUser")).isNotEmpty().allSatisfy(user -> {
            assertThat(user.json().at("/spec/authentication/type").asText()).isEqualTo("tls");
            assertThat(ReferenceRules.YOURS).containsKey(user.name());
        });
    }

    private static Made made(Resource topic) {
        Map<String, String> settings = new TreeMap<>();
        topic.json()
                .at("/spec/config")
                .properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        settings.remove("min.insync.replicas");
        return new Made(topic.json().at("/spec/partitions").asInt(), settings);
    }

    private static Stream<Grant> grants(Resource user) {
        String role = user.name().replaceAll("holdfast-(.+)-kafka", "$1");
        return Manifests.each(user.json().at("/spec/authorization/acls"))
                .flatMap(acl -> Manifests.each(acl.path("operations")).map(operation -> grant(role, acl, operation)));
    }

    private static Grant grant(String role, JsonNode acl, JsonNode operation) {
        JsonNode resource = acl.path("resource");
        return new Grant(
                role,
                operation.asText(),
                one(RESOURCES, resource.path("type")),
                one(PATTERNS, resource.path("patternType")),
                resource.path("name").asText());
    }

    private static String one(Map<String, String> words, JsonNode word) {
        return Objects.requireNonNull(words.get(word.asText()), word.asText());
    }
}
