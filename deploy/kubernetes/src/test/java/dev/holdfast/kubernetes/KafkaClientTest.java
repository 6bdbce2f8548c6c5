package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's client reads certificate and key from the files of the Secrets, as the component secured-kafka tells it to. */
class KafkaClientTest {

    @TempDir
    Path secrets;

    @Test
    void whatTheSecretsHoldIsWhatTheClientUses() throws IOException {
        for (String file : new String[] {"user.crt", "user.key", "ca.crt"}) {
            Files.writeString(secrets.resolve(file), "the content of " + file);
        }
        Properties properties = new Properties();
        properties.load(
                new StringReader(Files.readString(Manifests.HOME.resolve("components/secured-kafka/client.properties"))
                        .replace("/run/secrets/kafka", secrets.toString())));
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:9093"));
        properties.forEach((key, value) -> settings.put((String) key, value));

        AdminClientConfig config = new AdminClientConfig(settings);

        assertThat(config.getPassword("ssl.keystore.certificate.chain"))
                .isEqualTo(new Password("the content of user.crt"));
        assertThat(config.getPassword("ssl.keystore.key")).isEqualTo(new Password("the content of user.key"));
        assertThat(config.getPassword("ssl.truststore.certificates")).isEqualTo(new Password("the content of ca.crt"));
        assertThat(config.originals().get("ssl.keystore.key")).isEqualTo("the content of user.key");
    }
}
