package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicTest {

    @ParameterizedTest
    @EnumSource
    void aTopicIsFoundByItsNameAndItsDeadLettersAreNotTakenForIt(Topic topic) {
        assertThat(Topic.named(topic.wireName())).hasValue(topic);
        assertThat(Topic.named(topic.deadLetterName())).isEmpty();
    }

    @Test
    void historyIsKeptForEverHeartbeatsForADayDeadLettersForAMonth() {
        assertThat(Topic.BACKUP_EVENTS.settings()).containsOnly(java.util.Map.entry("retention.ms", "-1"));
        assertThat(Topic.BACKUP_PROGRESS.settings()).containsOnly(java.util.Map.entry("retention.ms", "86400000"));
        assertThat(Topic.POLICIES.settings()).containsOnly(java.util.Map.entry("cleanup.policy", "compact"));
        assertThat(Topic.deadLetterSettings()).containsOnly(java.util.Map.entry("retention.ms", "2592000000"));
    }
}
