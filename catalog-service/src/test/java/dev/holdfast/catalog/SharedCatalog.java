package dev.holdfast.catalog;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PostgresCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * One whole catalog over real Kafka and real PostgreSQL, with a story in it. The tests of one JVM share it, each with stanzas of its own; what it is made of
 * ends with the JVM.
 */
final class SharedCatalog {

    static final KafkaConnection KAFKA = KafkaBroker.shared().connection("mock://catalog-it");
    static final PostgresCluster CLUSTER = PostgresCluster.started();
    static final Story STORY = Story.of("whole-story");

    private static final EventLog LOG = EventLog.open(KAFKA);
    private static final RunningCatalog CATALOG = told();

    private SharedCatalog() {}

    private static RunningCatalog told() {
        CLUSTER.createDatabase("catalog");
        RunningCatalog catalog = RunningCatalog.start(KAFKA, CLUSTER, "catalog");
        STORY.events().forEach(LOG::publish);
        catalog.awaitCaughtUp(published());
        return catalog;
    }

    static EventLog log() {
        return LOG;
    }

    static RunningCatalog catalog() {
        return CATALOG;
    }

    /** Waits until everything published so far is projected. */
    static JsonNode caughtUp() {
        return CATALOG.awaitCaughtUp(published());
    }

    private static Map<String, Long> published() {
        Map<String, Long> records = new TreeMap<>();
        for (EventLog.Entry entry : LOG.entries()) {
            if (!entry.record().topic().endsWith(Topic.DEAD_LETTER_SUFFIX)) {
                records.merge(entry.record().topic(), 1L, Long::sum);
            }
        }
        return records;
    }

    static String stateOf(UUID requestId) {
        return CATALOG.json("/api/v1/requests/" + requestId).path("state").asString();
    }

    static List<String> texts(JsonNode items, String field) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(item.path(field).asString("")));
        return texts;
    }

    /** Long and incompressible. */
    static String randomText(int length) {
        StringBuilder text = new StringBuilder();
        java.util.Random random = new java.util.Random(7);
        random.ints(length, '!', '~').forEach(c -> text.append((char) c));
        return text.toString();
    }
}
