package dev.holdfast.validator.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyReaderTest {

    private static final String LOG = """
            2026-11-22 16:11:33.087 P01   INFO: invalid checksum '20261122-161022F_20261122-161025I/pg_data/base/16384/16392.lz4'
            2026-11-22 16:11:33.100 P01   INFO: invalid checksum '20261121-000000F/pg_data/base/1/1.lz4'
            2026-11-22 16:11:33.293 P00   INFO: stanza: fx
                                                status: error
            """;

    @Test
    void theDamagedFilesOfTheChainAreNamedAndNoOthers() {
        assertThat(VerifyReader.damaged(LOG, List.of("20261122-161022F", "20261122-161022F_20261122-161025I")))
                .containsExactly("invalid checksum '20261122-161022F_20261122-161025I/pg_data/base/16384/16392.lz4'");
    }
}
