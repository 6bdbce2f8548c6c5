package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import dev.holdfast.schemas.Topic;
import dev.holdfast.testsupport.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code topics} on a broker that nobody has prepared. */
class TopicsIT {

    private final KafkaBroker broker = KafkaBroker.ownBroker();
    private final Terminal terminal =
            new Terminal(Path.of("/nonexistent")).env("HOLDFAST_KAFKA", broker.bootstrapServers());

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void planShowsWhatApplyMakesAndAppliedOnceThereIsNothingMoreToDo() throws Exception {
        Ended plan = terminal.type("topics", "plan");
        assertThat(plan.status()).isEqualTo(1);
        assertThat(plan.out()).containsPattern("holdfast.policies +12 +cleanup.policy=compact +make it");
        assertThat(topics()).as("a plan changes nothing").isEmpty();

        Ended applied = terminal.type("topics", "apply");
        assertThat(applied.status()).as(applied.err()).isZero();
        assertThat(applied.out()).contains("made holdfast.backup.requests\n");
        assertThat(topics()).hasSize(2 * Topic.values().length);

        assertThat(terminal.type("topics", "plan").status()).isZero();
        assertThat(terminal.type("topics", "apply").err()).contains("0 topics made");
    }

    @Test
    void aTopicThatCannotServeIsShownWithItsRemedyAndApplyRefuses() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(Topic.CONTROLS.wireName(), 3, (short) 1)))
                    .all()
                    .get();
        }

        Ended plan = terminal.type("topics", "plan");
        assertThat(plan.err()).contains("topic holdfast.controls has 3 partitions, expected 12");
        assertThat(plan.out()).containsPattern("holdfast.controls .*refuse");
        Doc asJson =
                Doc.of(Json.read(terminal.type("topics", "plan", "-o", "json").out()));
        assertThat(asJson.docs("items"))
                .anySatisfy(topic -> assertThat(topic.cell("topic") + " " + topic.cell("state"))
                        .isEqualTo("holdfast.controls WRONG"));

        Ended applied = terminal.type("topics", "apply");
        assertThat(applied.status()).isEqualTo(1);
        assertThat(applied.err()).contains("create the topic anew or migrate it");
    }

    @Test
    void withoutAWordOrABrokerItSaysWhatIsMissing() {
        assertThat(terminal.type("topics").status()).isEqualTo(2);
        broker.crash();
        Ended alone = terminal.type("topics", "plan");
        assertThat(alone.status()).isEqualTo(3);
        assertThat(alone.err()).contains("--kafka");
    }

    private Set<String> topics() throws Exception {
        try (Admin admin = admin()) {
            return admin.listTopics().names().get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }
}
