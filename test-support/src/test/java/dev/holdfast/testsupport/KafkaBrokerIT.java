package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaBrokerIT {

    @Test
    void aPublishedEventIsReadWithARealRegistry() {
        KafkaConnection connection =
                KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
        BackupRequested request = Events.backupRequested("round-trip").build();
        try (EventLog log = EventLog.open(connection)) {
            log.publish(request);

            BackupRequested read =
                    log.await(BackupRequested.class, event -> event.getStanza().equals("round-trip"));

            assertThat(read).isEqualTo(request);
        }
    }

    @Test
    void bytesThatAreNoEventAreKeptAsTheyAre() {
        try (EventLog log = EventLog.open(KafkaBroker.shared().connection("mock://garbage"))) {
            log.publishRaw(Topic.CONTROLS, "garbage", new byte[] {1, 2, 3});

            assertThat(log.entries())
                    .anySatisfy(entry -> assertThat(entry.record().value()).containsExactly(1, 2, 3));
            assertThat(log.events()).noneMatch(event -> event.toString().contains("garbage"));
        }
    }

    @Test
    void aPausedBrokerAnswersNobodyUntilItGoesOn() throws Exception {
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                Admin admin = Admin.create(Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "request.timeout.ms", "500",
                        "default.api.timeout.ms", "1000"))) {
            broker.pause();
            assertThatThrownBy(() -> admin.listTopics().names().get()).hasCauseInstanceOf(TimeoutException.class);

            broker.unpause();

            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }
}
