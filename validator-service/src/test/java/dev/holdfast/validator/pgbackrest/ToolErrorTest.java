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
        "ERROR: [055]: unable to open missing file '/r/backup/shop/20261122-160000F/pg_data/PG_VERSION' for read,BACKUP_DAMAGED",
        "ERROR: [055]: unable to open missing file '/etc/pgbackrest.conf' for read,CONFIGURATION",
        "ERROR: [073]: unable to list files in missing path '/restore/spool/archive/shop/in',CONFIGURATION",
        "ERROR: [026]: raised from local-1 protocol: error restoring '/restore/data/global/1213': actual checksum 'f3' does not match expected checksum '19',BACKUP_DAMAGED",
        "ERROR: [045]: duplicates found for WAL segment 000000010000000000000008: repo1: 15-1/0000000100000000/000000010000000000000008-00.lz4,BACKUP_DAMAGED",
        "ERROR: [031]: option 'spool-path' not valid without option 'archive-async',CONFIGURATION",
        "ERROR: [032]: 'abc' is not valid for 'process-max' option,CONFIGURATION",
        "ERROR: [042]: unable to get 000000010000000000000009: repo1: 15-1/… [FormatError] lz4 error,BACKUP_DAMAGED",
        "ERROR: [042]: unable to get 000000010000000000000009: repo1: 15-1/… [FileOpenError] [13] Permission denied,CONFIGURATION",
        "ERROR: [103]: unable to find a valid repository: repo1: [ArchiveMismatchError] not the same system,CONFIGURATION",
        "ERROR: [103]: unable to find a valid repository: repo1: [ChecksumError] archive.info,BACKUP_DAMAGED",
        "ERROR: [029]: unable to load backup manifest file: expected format 5 but found 6,IMAGE",
        "ERROR: [064]: raised from local-1: unable to write,SANDBOX",
        "ERROR: [040]: unable to restore to path because it contains files,SANDBOX"
    })
    void anErrorMeansWhatItWasMeasuredToMean(String stderr, Reason expected) {
        assertThat(ToolError.in("WARN: something\n" + stderr).orElseThrow().reason())
                .isEqualTo(expected);
    }
}
