package dev.holdfast.validator.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolErrorTest {

    @ParameterizedTest
    @CsvSource({
        "ERROR: [029]: raised from local-1 protocol: lz4 error: [-18] ERROR_contentChecksum_invalid,BACKUP_DAMAGED",
        "ERROR: [026]: unable to load backup manifest file,BACKUP_DAMAGED",
        "ERROR: [055]: raised from local-1 protocol: unable to open missing file,BACKUP_DAMAGED",
        "ERROR: [075]: backup set 20200101-000000F is not valid,BACKUP_DAMAGED",
        "ERROR: [037]: restore command requires option: repo1-cipher-pass,CONFIGURATION",
        "ERROR: [041]: unable to open file: [13] Permission denied,CONFIGURATION",
        "ERROR: [064]: unable to write file: [28] No space left on device,SPACE",
        "ERROR: [040]: unable to restore to path because it contains files,SANDBOX"
    })
    void anErrorMeansWhatItWasMeasuredToMean(String stderr, Reason expected) {
        assertThat(ToolError.in("WARN: something\n" + stderr).orElseThrow().reason())
                .isEqualTo(expected);
    }
}
