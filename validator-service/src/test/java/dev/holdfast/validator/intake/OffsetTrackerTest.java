package dev.holdfast.validator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

    private static final TopicPartition PARTITION = new TopicPartition("requests", 3);

    private final OffsetTracker tracker = new OffsetTracker();

    @Test
    void nothingBehindAnUnfinishedRecordIsCommitted() {
        take(5, 6, 7);

        tracker.finished(PARTITION, 6);
        tracker.finished(PARTITION, 7);

        assertThat(tracker.committable()).isEmpty();
        assertThat(tracker.open()).isEqualTo(1);
    }

    @Test
    void theLowestUnfinishedRecordIsWhereTheNextOneBegins() {
        take(5, 6, 7);

        tracker.finished(PARTITION, 6);
        tracker.finished(PARTITION, 5);

        assertThat(tracker.committable()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(7)));
        assertThat(tracker.committable()).isEmpty();
    }

    @Test
    void aPartitionThatWasLostIsCommittedByItsNewOwner() {
        take(5);
        tracker.lost(PARTITION);

        tracker.finished(PARTITION, 5);

        assertThat(tracker.committable()).isEmpty();
        assertThat(tracker.open()).isZero();
    }

    private void take(long... offsets) {
        for (long offset : offsets) {
            tracker.taken(PARTITION, offset);
        }
    }
}
