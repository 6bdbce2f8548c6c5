package dev.holdfast.runner.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupSet;
import dev.holdfast.runner.repository.StanzaInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoReaderTest {

    @ParameterizedTest
    @ValueSource(strings = {"info-2.45-full-diff-incr-chain.raw.json", "info-2.59.1-full-diff-incr-chain.raw.json"})
    void aChainIsReadTheSameFromOldAndNewVersions(String recorded) {
        StanzaInfo info = InfoReader.read(Recorded.bytes(recorded), "demo").orElseThrow();

        BackupSet incr = info.backups().get(2);
        assertThat(info.status().isReadable()).isTrue();
        assertThat(incr.label()).isEqualTo("20261122-155441F_20261122-155941I");
        assertThat(incr.kind()).isEqualTo(BackupKind.INCR);
        assertThat(incr.prior()).isEqualTo("20261122-155441F_20261122-155938D");
        assertThat(incr.references()).containsExactly("20261122-155441F", "20261122-155441F_20261122-155938D");
        assertThat(incr.startedAt()).isEqualTo(Instant.ofEpochSecond(1795363181));
        assertThat(incr.wal())
                .isEqualTo(new BackupSet.Wal(
                        "000000010000000000000007", "000000010000000000000007", "0/7000028", "0/7000100"));
        assertThat(incr.wal().timeline()).contains(1);
        assertThat(incr.sizes()).isEqualTo(new BackupSet.Sizes(35166525, 1589514, 7455479L, 372276));
        assertThat(incr.annotations()).containsEntry("policy", "nightly-mcpgov");
        assertThat(incr.postgresqlVersion()).isEqualTo("15");
        assertThat(incr.damaged()).isFalse();
    }

    @Test
    void aSystemIdentifierKeepsAllItsDigits() {
        StanzaInfo info = InfoReader.read(Recorded.bytes("info-2.45-page-checksum-error-set.json"), "fx")
                .orElseThrow();

        assertThat(info.systemId()).contains("7711028887553986772");
    }

    @Test
    void damagedFilesAreNamed() {
        StanzaInfo info = InfoReader.read(Recorded.bytes("info-2.45-page-checksum-error-set.json"), "fx")
                .orElseThrow();

        assertThat(info.backups()).singleElement().satisfies(set -> {
            assertThat(set.damaged()).isTrue();
            assertThat(set.damagedFiles()).containsExactly("base/16384/16392");
        });
    }

    @Test
    void bytesThatAreNoUtf8DoNotHideTheStatus() {
        StanzaInfo info = InfoReader.read(Recorded.bytes("info-2.45-two-repos-wrong-pass.raw.json"), "fx")
                .orElseThrow();

        assertThat(info.repositories()).anySatisfy(repository -> {
            assertThat(repository.status().code()).isEqualTo(99);
            assertThat(repository.status().message()).isNotBlank();
        });
    }

    @Test
    void aStanzaThatIsNotListedIsAbsent() {
        assertThat(InfoReader.read(Recorded.bytes("info-2.45-no-stanza.raw.json"), "demo"))
                .isEmpty();
    }

    @Test
    void aStanzaThatWasNeverCreatedIsNotReadable() {
        StanzaInfo info = InfoReader.read(Recorded.bytes("info-2.45-missing-stanza-path.raw.json"), "demo")
                .orElseThrow();

        assertThat(info.status()).isEqualTo(new StanzaInfo.Status(1, "missing stanza path"));
        assertThat(info.status().isReadable()).isFalse();
        assertThat(info.systemId()).isEmpty();
    }

    @Test
    void withBlockIncrementalTheRepositorySizeIsUnknownNotZero() {
        byte[] output = Recorded.bytes("info-2.59.1-block-incremental-bundled.json");
        String stanza = Recorded.text("info-2.59.1-block-incremental-bundled.json")
                .replaceAll("(?s).*\"name\": \"(\\w+)\",\\s*\"repo\".*", "$1");

        StanzaInfo info = InfoReader.read(output, stanza).orElseThrow();

        assertThat(info.backups())
                .isNotEmpty()
                .anySatisfy(set -> assertThat(set.sizes().repository()).isNull());
    }

    @Test
    void whatIsNoJsonIsTroubleThatQuotesIt() {
        byte[] output = "ERROR: [037]: info command requires option".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> InfoReader.read(output, "demo"))
                .isInstanceOf(ToolTrouble.class)
                .hasMessageContaining("ERROR: [037]");
    }
}
