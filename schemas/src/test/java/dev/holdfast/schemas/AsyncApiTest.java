package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

class AsyncApiTest {

    private final JsonNode document =
            new ObjectMapper().valueToTree(new Yaml().load(Releases.text(Path.of("asyncapi.yaml"))));
    private final JsonNode messages = document.at("/components/messages");

    @Test
    void everyTopicIsAChannelAndNoOther() {
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(document.path("channels")
                        .valueStream()
                        .map(channel -> channel.path("address").asText()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Topic.values()).map(Topic::wireName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aChannelCarriesTheMessagesOfItsTopicAndIsBuiltAsItIs(Topic topic) {
        JsonNode channel = channel(topic);
        JsonNode kafka = channel.at("/bindings/kafka");

        assertThat(channel.path("messages").propertyStream().map(entry -> entry.getKey()))
                .containsExactlyElementsOf(eventsOf(topic));
        assertThat(kafka.path("topic").asText()).isEqualTo(topic.wireName());
        assertThat(kafka.path("partitions").asInt()).isEqualTo(Topic.PARTITIONS);
        assertThat(kafka.path("topicConfiguration"))
                .hasSameSizeAs(topic.settings().keySet());
        topic.settings()
                .forEach((key, value) -> assertThat(
                                kafka.path("topicConfiguration").path(key).toString())
                        .isIn(value, "[\"" + value + "\"]"));
    }

    @Test
    void everyEventIsAMessageAndNoOther() {
        assertThat(messages.propertyStream().map(entry -> entry.getKey()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(EventType.values()).map(EventType::shortName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageHasItsTypeAndTheSchemaOfTheNewestRelease(EventType type) {
        JsonNode message = messages.path(type.shortName());

        assertThat(message.at("/headers/allOf/1/properties/ce_type/const").asText())
                .isEqualTo(type.cloudEventType());
        assertThat(message.path("summary").asText()).isEqualTo(type.schema().getDoc());
        assertThat(Path.of(message.at("/payload/schema/$ref").asText()).normalize())
                .isEqualTo(Releases.schemaFile(Releases.newest(), type));
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageOfATopicCanBePublishedAndRead(Topic topic) {
        for (String action : List.of("send", "receive")) {
            JsonNode operation = document.path("operations")
                    .valueStream()
                    .filter(one -> one.path("action").asText().equals(action))
                    .filter(one -> resolved(one.at("/channel/$ref").asText()).equals(channel(topic)))
                    .findFirst()
                    .orElseThrow();

            assertThat(operation
                            .path("messages")
                            .valueStream()
                            .map(message -> message.path("$ref").asText())
                            .map(reference -> reference.substring(reference.lastIndexOf('/') + 1)))
                    .containsExactlyElementsOf(eventsOf(topic));
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(resolved(reference).isObject()).as(reference).isTrue();
            } else {
                assertThat(Path.of(reference)).exists();
            }
        });
    }

    private JsonNode channel(Topic topic) {
        return document.path("channels")
                .valueStream()
                .filter(channel -> channel.path("address").asText().equals(topic.wireName()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode resolved(String reference) {
        return document.at(reference.substring(1));
    }

    private static List<String> eventsOf(Topic topic) {
        return Stream.of(EventType.values())
                .filter(type -> type.topic() == topic)
                .map(EventType::shortName)
                .toList();
    }
}
