package dev.holdfast.runner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {

    private final OffsetLedger ledger = new OffsetLedger();

    @Test
    void theOffsetMovesToTheLowestUnfinishedRecord() {
        ledger.assigned(List.of(3));
        OffsetLedger.Entry first = ledger.taken(3, 10);
        OffsetLedger.Entry second = ledger.taken(3, 11);

        ledger.finished(second);
        assertThat(ledger.movable(3)).hasValue(10);
        ledger.finished(first);

        assertThat(ledger.movable(3)).hasValue(12);
    }

    @Test
    void whatHasBeenCommittedIsNotCommittedAgain() {
        ledger.assigned(List.of(3));
        ledger.finished(ledger.taken(3, 10));

        ledger.committed(3, 11);

        assertThat(ledger.movable(3)).isEmpty();
    }

    @Test
    void finishingARecordOfALostPartitionMovesNothing() {
        ledger.assigned(List.of(3));
        OffsetLedger.Entry before = ledger.taken(3, 10);
        ledger.lost(List.of(3));
        ledger.assigned(List.of(3));
        ledger.taken(3, 10);

        ledger.finished(before);

        assertThat(ledger.isOurs(before)).isFalse();
        assertThat(ledger.movable(3)).hasValue(10);
        assertThat(ledger.unfinished()).isEqualTo(1);
    }
}
