package dev.holdfast.validator.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.validator.proof.Conclusion;
import dev.holdfast.validator.proof.FakeTools;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RestoreProof;
import dev.holdfast.validator.proof.Selection;
import dev.holdfast.validator.proof.Target;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.proof.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TestDeskTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final UUID TEST = UUID.randomUUID();
    private static final UUID REQUEST = UUID.randomUUID();
    private static final Instant ASKED = NOW.minusSeconds(120);

    private final TestMemory memory = new TestMemory();
    private final LogAndMemory journal = new LogAndMemory();
    private final FakeTools tools = new FakeTools();
    private final TestDesk desk = new TestDesk(
            memory, journal, new RestoreProof(tools.tools(), memory, CLOCK, FakeTools.limits()), CLOCK, "me", 1);

    @Test
    void aNewRequestIsClaimedOnceAndGetsItsVerdict() throws InterruptedException {
        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).containsExactly(1);
        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.OK);
    }

    @Test
    void aTestThatBreaksOffInAWayNobodyForesawEndsInconclusiveAtOnce() throws InterruptedException {
        tools.breakWith(new StackOverflowError("nobody foresaw this"));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).containsExactly(1);
        assertThat(journal.reports).singleElement().satisfies(report -> {
            assertThat(report.conclusion().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(report.conclusion().message()).contains("nobody foresaw this");
        });
    }

    @Test
    void aVerdictThatCannotBePublishedIsReplacedByOneThatSaysSo() throws InterruptedException {
        journal.refusal = Optional.of("the record is too large");

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.reports).singleElement().satisfies(report -> {
            assertThat(report.conclusion().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(report.conclusion().message()).contains("the record is too large", "OK");
        });
    }

    @Test
    void aTestThatHasItsVerdictIsNotTouchedAgain() throws InterruptedException {
        memory.ended(TEST);

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).isEmpty();
        assertThat(journal.reports).isEmpty();
    }

    @Test
    void aTestThatAnotherEndedWhileThisOneStoodStillGetsNoSecondVerdict() throws InterruptedException {
        tools.whileProving(() -> memory.ended(TEST));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).containsExactly(1);
        assertThat(journal.reports).isEmpty();
    }

    @Test
    void anEarlierLifesClaimIsTakenOverWithTheNextAttempt() throws InterruptedException {
        memory.claimed(TEST, new TestMemory.Claim(UUID.randomUUID(), 1, "me", NOW));

        desk.serve(request(NOW.minusSeconds(60)));

        assertThat(journal.claims).containsExactly(2);
        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.OK);
    }

    @Test
    void aSilentValidatorsClaimIsTakenOver() throws InterruptedException {
        memory.claimed(TEST, new TestMemory.Claim(UUID.randomUUID(), 1, "other", NOW.minusSeconds(31)));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).containsExactly(2);
    }

    @Test
    void aLivingValidatorsClaimIsLeftToIt() throws InterruptedException {
        memory.claimed(TEST, new TestMemory.Claim(UUID.randomUUID(), 1, "other", NOW));
        Thread other = Thread.ofVirtual().unstarted(() -> memory.ended(TEST));

        other.start();
        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).isEmpty();
    }

    @Test
    void whoeverIsSecondInTheLogLeavesTheTestToTheFirst() throws InterruptedException {
        journal.quicker = Optional.of(new TestMemory.Claim(UUID.randomUUID(), 1, "other", NOW));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.claims).containsExactly(1);
        assertThat(journal.reports).isEmpty();
    }

    @Test
    void afterThreeDeadValidatorsNobodyTriesAgain() throws InterruptedException {
        for (int attempt = 1; attempt <= 3; attempt++) {
            memory.claimed(TEST, new TestMemory.Claim(UUID.randomUUID(), attempt, "me", NOW));
        }

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.VALIDATOR_DIED);
        assertThat(tools.opened()).isZero();
    }

    @Test
    void aRequestPastItsTimeIsAnsweredAndNotRun() throws InterruptedException {
        desk.serve(request(NOW.minusSeconds(1)));

        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.REQUEST_EXPIRED);
        assertThat(tools.opened()).isZero();
    }

    @Test
    void aTestThatWasCalledOffIsAnsweredAndNotRun() throws InterruptedException {
        memory.cancelled(REQUEST, cancellation(ASKED.plusSeconds(1)));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.reports)
                .singleElement()
                .extracting(ProofReport::conclusion)
                .isEqualTo(new Conclusion(
                        Reason.CANCELLED,
                        "cancelled by ada at 2026-11-22T11:58:01Z: the host is needed for something else"));
        assertThat(tools.opened()).isZero();
    }

    @Test
    void aTestMayBeCalledOffByItsOwnId() throws InterruptedException {
        memory.cancelled(TEST, cancellation(NOW));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aCancellationOfTheBackupBeforeItsProofWasAskedForIsNotOfTheProof() throws InterruptedException {
        memory.cancelled(REQUEST, cancellation(ASKED.minusSeconds(1)));

        desk.serve(request(NOW.plusSeconds(60)));

        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.OK);
    }

    @Test
    void aMalformedRequestIsAnsweredAndNotRun() throws InterruptedException {
        TestRequest proper = request(NOW.plusSeconds(60));

        desk.serve(new TestRequest(
                TEST,
                proper.requestId(),
                proper.stanza(),
                proper.askedAt(),
                proper.notAfter(),
                new TestRequest.Improper("label '--delta': expected …"),
                proper.asked()));

        assertThat(journal.reports)
                .singleElement()
                .extracting(report -> report.conclusion().reason())
                .isEqualTo(Reason.INVALID);
        assertThat(tools.opened()).isZero();
    }

    private static TestMemory.Cancellation cancellation(Instant at) {
        return new TestMemory.Cancellation("ada", "the host is needed for something else", at);
    }

    private static TestRequest request(Instant notAfter) {
        TestOrder order = new TestOrder(
                TEST,
                FakeTools.STANZA,
                OptionalInt.empty(),
                Optional.empty(),
                Selection.NEWEST,
                new Target.BackupEnd());
        TestRequest.Asked asked = new TestRequest.Asked(
                UUID.randomUUID(),
                Optional.empty(),
                "BACKUP_END",
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                "AD_HOC",
                "ada",
                "OIDC");
        return new TestRequest(TEST, REQUEST, FakeTools.STANZA, ASKED, notAfter, new TestRequest.Proper(order), asked);
    }

    /** A log that is read at once. */
    private final class LogAndMemory implements Journal {

        private final List<Integer> claims = new ArrayList<>();
        private final List<ProofReport> reports = new ArrayList<>();
        private Optional<TestMemory.Claim> quicker = Optional.empty();
        private Optional<String> refusal = Optional.empty();

        @Override
        public Position claim(TestRequest request, int attempt) {
            UUID eventId = UUID.randomUUID();
            claims.add(attempt);
            quicker.ifPresent(claim -> {
                memory.claimed(TEST, claim);
                memory.ended(TEST);
            });
            memory.claimed(TEST, new TestMemory.Claim(eventId, attempt, "me", NOW));
            memory.readUpTo(0, claims.size());
            return new Position(eventId, 0, claims.size());
        }

        @Override
        public void progressed(TestRequest request, int attempt, ProofProgress progress) {
            memory.alive(request.testId(), attempt, NOW);
        }

        @Override
        public void completed(TestRequest request, int attempt, ProofReport report) {
            if (refusal.isPresent()) {
                String why = refusal.get();
                refusal = Optional.empty();
                throw new IllegalStateException(why);
            }
            reports.add(report);
        }
    }
}
