package dev.holdfast.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupStatus;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.RejectionReason;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.events.Verdict;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.PolicyEvents;
import dev.holdfast.testsupport.ProofEvents;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupFollowTest {

    private static final String STANZA = "mcpgov";

    private final UUID id = UUID.randomUUID();

    @Test
    void aCompletedBackupIsTheEndIfNoProofIsWanted() {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        follow.accept(Events.backupStarted(STANZA, id).build());
        follow.accept(Events.backupCompleted(STANZA, id).build());

        assertThat(follow.isOver()).isTrue();
        assertThat(follow.isGood()).isTrue();
        assertThat(follow.state()).isEqualTo(RequestState.COMPLETED);
    }

    @Test
    void aCompletedBackupIsNotTheEndIfAProofIsWanted() {
        BackupFollow follow = new BackupFollow(id, Goal.PROVEN);

        follow.accept(Events.backupCompleted(STANZA, id).build());

        assertThat(follow.isOver()).isFalse();
        assertThat(follow.isGood()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PASSED, PROVEN, true",
        "FAILED, DISPROVEN, false",
        "EXPIRED, INCONCLUSIVE, false",
        "INCONCLUSIVE, INCONCLUSIVE, false"
    })
    void onlyAPassedTestProves(Verdict verdict, RequestState state, boolean good) {
        BackupFollow follow = new BackupFollow(id, Goal.PROVEN);

        follow.accept(Events.backupCompleted(STANZA, id).build());
        follow.accept(ProofEvents.restoreTestCompleted(STANZA, id, UUID.randomUUID())
                .setVerdict(verdict)
                .build());

        assertThat(follow.isOver()).isTrue();
        assertThat(follow.state()).isEqualTo(state);
        assertThat(follow.isGood()).isEqualTo(good);
    }

    @Test
    void aBackupWithDamagedPagesIsDoneAndBad() {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        Step step = follow.accept(Events.backupCompleted(STANZA, id)
                .setStatus(BackupStatus.COMPLETE_WITH_ERRORS)
                .setDamagedFiles(List.of("base/5/1259"))
                .build());

        assertThat(step).isInstanceOf(Step.Warning.class);
        assertThat(follow.isOver()).isTrue();
        assertThat(follow.isGood()).isFalse();
        assertThat(follow.detail()).contains("base/5/1259");
    }

    @Test
    void aRejectionAsDuplicateChangesNothing() {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        follow.accept(Events.backupStarted(STANZA, id).build());
        follow.accept(Events.backupRejected(STANZA, id)
                .setRejection(RejectionReason.DUPLICATE)
                .build());

        assertThat(follow.isOver()).isFalse();
        assertThat(follow.state()).isEqualTo(RequestState.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({"INVALID, REJECTED", "EXPIRED, REJECTED", "CANCELLED, CANCELLED"})
    void anyOtherRejectionIsTheEnd(RejectionReason reason, RequestState state) {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        follow.accept(Events.backupRejected(STANZA, id).setRejection(reason).build());

        assertThat(follow.isOver()).isTrue();
        assertThat(follow.isGood()).isFalse();
        assertThat(follow.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"STORAGE, FAILED", "CANCELLED, CANCELLED"})
    void aFailureIsTheEnd(FailureCategory category, RequestState state) {
        BackupFollow follow = new BackupFollow(id, Goal.PROVEN);

        follow.accept(Events.backupFailed(STANZA, id).setCategory(category).build());

        assertThat(follow.isOver()).isTrue();
        assertThat(follow.state()).isEqualTo(state);
    }

    @Test
    void anUnservedRequestIsNotTheEndAndALaterStartSupersedesIt() {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        Step step = follow.accept(PolicyEvents.requestUnserved(STANZA, id)
                .setUnserved(UnservedReason.UNKNOWN_STANZA)
                .build());
        boolean unknownBefore = follow.isOfUnknownStanza();
        follow.accept(Events.backupStarted(STANZA, id).build());

        assertThat(step).isInstanceOf(Step.Warning.class);
        assertThat(unknownBefore).isTrue();
        assertThat(follow.isOfUnknownStanza()).isFalse();
        assertThat(follow.state()).isEqualTo(RequestState.RUNNING);
        assertThat(follow.isOver()).isFalse();
    }

    @Test
    void eventsOfOtherRequestsAreNotMinded() {
        BackupFollow follow = new BackupFollow(id, Goal.COMPLETED);

        Step step =
                follow.accept(Events.backupCompleted(STANZA, UUID.randomUUID()).build());

        assertThat(step).isEqualTo(new Step.Silent());
        assertThat(follow.state()).isEqualTo(RequestState.REQUESTED);
    }

    @Test
    void anEventThatIsReadTwiceIsToldOnce() {
        BackupFollow follow = new BackupFollow(id, Goal.PROVEN);
        BackupCompleted completed = Events.backupCompleted(STANZA, id).build();

        follow.accept(completed);
        Step again = follow.accept(completed);

        assertThat(again).isEqualTo(new Step.Silent());
        assertThat(follow.story()).hasSize(1);
    }
}
