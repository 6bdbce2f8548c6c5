package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also the tool that releases: with {@code -Dholdfast.release=v2} it writes {@code released/v2}, else to a temporary folder. */
class ReleaseWriterTest {

    @TempDir
    private Path temporary;

    @Test
    void aReleaseHoldsASchemaAndAGoldenRecordOfEveryEvent() throws IOException {
        String asked = System.getProperty("holdfast.release");
        Path version = asked == null ? temporary : Releases.FOLDER.resolve(asked);

        Releases.write(version);

        for (EventType type : EventType.values()) {
            assertThat(Releases.schema(version, type).getFullName()).isEqualTo(type.recordName());
            assertThat(Files.size(Releases.goldenFile(version, type, ".bin"))).isPositive();
            assertThat(Releases.goldenFile(version, type, ".json")).isNotEmptyFile();
        }
    }
}
