package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import dev.holdfast.testsupport.KafkaBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that take connections and give no answer must not hold a person for ever. */
class SilentServiceIT {

    @TempDir
    private Path home = Path.of(".");

    @Test
    void aRegistryThatOnlyFailsEndsARequestWithThree() {
        try (RecordedService registry = new RecordedService()) {
            registry.answers(
                    "POST /subjects/holdfast.backup.requests-dev.holdfast.events.BackupRequested/versions", 503, "{}");

            Ended ended = new Terminal(home)
                    .env("HOLDFAST_KAFKA", KafkaBroker.shared().bootstrapServers())
                    .env("HOLDFAST_REGISTRY", registry.url())
                    .type("backup", "silent");

            assertThat(ended.status()).isEqualTo(3);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .startsWith("holdfast: cannot reach Kafka and its schema registry at ")
                    .hasLineCount(1);
        }
    }

    @Test
    void aBrokerThatNeverAnswersEndsARequestWithThree() {
        try (KafkaBroker broker = KafkaBroker.ownBroker()) {
            broker.pause();
            try {
                Ended ended = new Terminal(home)
                        .env("HOLDFAST_KAFKA", broker.bootstrapServers())
                        .env("HOLDFAST_REGISTRY", "mock://silent")
                        .type("backup", "silent", "--wait");

                assertThat(ended.status()).isEqualTo(3);
                assertThat(ended.err())
                        .startsWith("holdfast: cannot reach Kafka and its schema registry at ")
                        .hasLineCount(1);
            } finally {
                broker.unpause();
            }
        }
    }
}
