package dev.holdfast.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import dev.holdfast.schemas.serde.RegistryClient;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContractProvisionerIT {

    private final KafkaBroker broker = KafkaBroker.ownBroker();
    private final SchemaRegistryProcess registry = SchemaRegistryProcess.shared();
    private final KafkaConnection connection = broker.connection(registry.url());
    private final ContractProvisioner provisioner = new ContractProvisioner(connection);

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void severalAtOnceAndAgainMakeTheContractOnce() throws Exception {
        List<CompletableFuture<Void>> atOnce = IntStream.range(0, 4)
                .mapToObj(one -> CompletableFuture.runAsync(provisioner::provision))
                .toList();
        atOnce.forEach(CompletableFuture::join);
        provisioner.provision();

        try (Admin admin = Admin.create(connection.common())) {
            assertThat(admin.listTopics().names().get())
                    .containsAll(Stream.of(Topic.values())
                            .flatMap(topic -> Stream.of(topic.wireName(), topic.deadLetterName()))
                            .toList());
            ConfigResource history = new ConfigResource(ConfigResource.Type.TOPIC, Topic.BACKUP_EVENTS.wireName());
            assertThat(admin.describeConfigs(List.of(history)).all().get().values())
                    .singleElement()
                    .satisfies(settings -> assertThat(settings.entries())
                            .anySatisfy(entry -> assertThat(entry.name() + "=" + entry.value())
                                    .isEqualTo("retention.ms=-1")));
        }
        assertThat(RegistryClient.of(connection.serde()).subjects())
                .containsAll(
                        Stream.of(EventType.values()).map(EventType::subject).toList());
        assertThat(Wire.ask("GET", registry.url() + "/subjects/" + EventType.POLICY.subject() + "/versions", "")
                        .body())
                .isEqualTo("[1]");
    }

    @Test
    void aTopicWithAnotherNumberOfPartitionsIsRefused() throws Exception {
        create(new NewTopic(Topic.CONTROLS.wireName(), 3, (short) 1));

        assertThatThrownBy(provisioner::provisionTopics)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic holdfast.controls has 3 partitions, expected 12");
    }

    @Test
    void aTopicThatForgetsWhatIsForEverIsRefused() throws Exception {
        create(new NewTopic(Topic.BACKUP_EVENTS.wireName(), Topic.PARTITIONS, (short) 1)
                .configs(Map.of("retention.ms", "604800000")));

        assertThatThrownBy(provisioner::provisionTopics)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic holdfast.backup.events has retention.ms=604800000, expected -1")
                .hasMessageContaining("kafka-configs.sh --alter");
    }

    private void create(NewTopic topic) throws Exception {
        try (Admin admin = Admin.create(connection.common())) {
            admin.createTopics(List.of(topic)).all().get();
        }
    }
}
