package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactionTest {

    private final Redaction redaction = new Redaction(List.of("correct horse"));

    @Test
    void knownSecretsAndThoseThatLookLikeOneAreTakenOut() {
        String text = redaction.applied(
                "pass 'correct horse' --repo1-s3-key-secret=abc123 AKIAABCDEFGHIJKLMNOP postgres://u:pw@host/x repo1-cipher-pass=zz");

        assertThat(text).doesNotContain("correct horse", "abc123", "AKIAABCDEFGHIJKLMNOP", ":pw@", "zz");
    }

    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "unable to acquire lock on file '/tmp/x.lock': Resource temporarily unavailable\nHINT: again?";

        assertThat(redaction.applied(text)).isEqualTo(text);
    }

    @Test
    void controlCharactersCannotForgeALogLine() {
        assertThat(redaction.applied("a\u001b[2Jb\rc")).isEqualTo("a?[2Jb?c");
    }

    @Test
    void theTailIsBoundedAndBeginsWithAWholeLine() {
        String tail = redaction.tail("0123456789\n".repeat(5000));

        assertThat(tail.length()).isLessThanOrEqualTo(Redaction.TAIL_LIMIT);
        assertThat(tail).startsWith("0123456789\n");
    }

    @Test
    void theSecretsOfTheConfigurationAreKnownAndNeverPrinted(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pgbackrest.conf");
        Files.writeString(file, "[global]\nrepo1-cipher-pass=topsecret\nrepo1-path=/r\n[demo]\npg1-port=5433\n");

        ConfigFile config = ConfigFile.read(file, Map.of("PGBACKREST_REPO1_S3_KEY_SECRET", "alsosecret", "HOME", "/h"));

        assertThat(config.secrets()).containsExactlyInAnyOrder("topsecret", "alsosecret");
        assertThat(config.toString()).doesNotContain("topsecret", "alsosecret");
        assertThat(config.value("demo", "pg1-port")).contains("5433");
        assertThat(config.value("demo", "repo1-path")).contains("/r");
        assertThat(config.value("other", "pg1-port")).isEmpty();
    }
}
