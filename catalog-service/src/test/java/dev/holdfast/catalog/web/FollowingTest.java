package dev.holdfast.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.answers.Request;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowingTest {

    private static final UUID ID = UUID.randomUUID();

    @Test
    void whatTheCatalogHasNotReadBackIsUnderWay() {
        Following following = Following.of(ID, null, true);
        assertThat(stages(following)).isEqualTo("NOW");
        assertThat(following.over()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED,       DONE WAITS TO_COME,  false",
        "REQUESTED,    DONE WAITS TO_COME,  false",
        "UNSERVED,     DONE WAITS TO_COME,  false",
        "RUNNING,      DONE NOW TO_COME,    false",
        "COMPLETED,    DONE DONE NOW,       false",
        "PROVEN,       DONE DONE DONE,      true",
        "DISPROVEN,    DONE DONE FAILED,    true",
        "INCONCLUSIVE, DONE DONE FAILED,    true",
        "FAILED,       DONE FAILED TO_COME, true",
        "REJECTED,     DONE FAILED TO_COME, true",
        "CANCELLED,    DONE FAILED TO_COME, true",
        "LOST,         DONE FAILED TO_COME, true"
    })
    void aBackupThatShallBeProvenIsFollowedToItsVerdict(String state, String stages, boolean over) {
        Following following = Following.of(ID, request("BACKUP", state), true);
        assertThat(stages(following)).isEqualTo(stages);
        assertThat(following.over()).isEqualTo(over);
    }

    @Test
    void aBackupAloneIsOverWhenItIsComplete() {
        Following following = Following.of(ID, request("BACKUP", "COMPLETED"), false);
        assertThat(stages(following)).isEqualTo("DONE DONE");
        assertThat(following.over()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "REQUESTED, DONE WAITS,  false",
        "RUNNING,   DONE NOW,    false",
        "PROVEN,    DONE DONE,   true",
        "DISPROVEN, DONE FAILED, true",
        "REJECTED,  DONE FAILED, true"
    })
    void aProofHasNoBackupBeforeIt(String state, String stages, boolean over) {
        Following following = Following.of(ID, request("RESTORE_TEST", state), true);
        assertThat(stages(following)).isEqualTo(stages);
        assertThat(following.over()).isEqualTo(over);
    }

    private static String stages(Following following) {
        return following.steps().stream().map(step -> step.stage().name()).collect(Collectors.joining(" "));
    }

    private static Request request(String kind, String state) {
        return new Request(
                ID, "db", kind, state, null, null, "alice", null, null, null, null, null, null, false, null, null, null,
                null, null, null, null, List.of());
    }
}
