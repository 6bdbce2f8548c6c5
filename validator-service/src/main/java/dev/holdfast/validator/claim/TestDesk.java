package dev.holdfast.validator.claim;

import dev.holdfast.validator.proof.Conclusion;
import dev.holdfast.validator.proof.ProofProgress;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RestoreProof;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one request from claim to verdict. Each request has its own thread; only {@code maxConcurrent} prove at a time.
 */
public final class TestDesk {

    /** After so many validators died over a test nobody tries it again. */
    static final int MOST_ATTEMPTS = 3;

    /** A claim whose holder was not heard of for so long is dead: fifteen heartbeats. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Logger LOGGER = LoggerFactory.getLogger(TestDesk.class);

    private final TestMemory memory;
    private final Journal journal;
    private final RestoreProof proof;
    private final Clock clock;
    private final String validator;
    private final Places places;

    /**
     * A desk.
     *
     * @param validator this instance's name: a claim under it that nobody here works on is of an earlier life
     * @param maxConcurrent how many tests run at a time
     */
    public TestDesk(
            TestMemory memory, Journal journal, RestoreProof proof, Clock clock, String validator, int maxConcurrent) {
        this.memory = memory;
        this.journal = journal;
        this.proof = proof;
        this.clock = clock;
        this.validator = validator;
        this.places = new Places(maxConcurrent);
    }

    /**
     * Returns when the test has its verdict, from here or from elsewhere.
     *
     * @throws InterruptedException if the validator stops; the request then comes again
     */
    public void serve(TestRequest request) throws InterruptedException {
        while (!memory.hasEnded(request.testId())) {
            if (isHeldElsewhere(request)) {
                memory.awaitChange(LOOK_AGAIN);
            } else if (claimAndProve(request)) {
                return;
            }
        }
    }

    private boolean isHeldElsewhere(TestRequest request) {
        Optional<TestMemory.Claim> claim = memory.latestClaim(request.testId());
        return claim.filter(held -> !held.validator().equals(validator))
                .filter(held -> held.lastSign().plus(SILENCE).isAfter(clock.instant()))
                .isPresent();
    }

    /** True if the test has its verdict now; false if another validator was quicker. */
    private boolean claimAndProve(TestRequest request) throws InterruptedException {
        // a test that was called off needs no place to be answered, one that has its verdict needs none at all
        boolean placed =
                places.take(() -> memory.cancellation(request).isPresent() || memory.hasEnded(request.testId()));
        try {
            if (memory.hasEnded(request.testId()) || isHeldElsewhere(request)) {
                return false;
            }
            int attempt = memory.latestClaim(request.testId())
                            .map(TestMemory.Claim::attempt)
                            .orElse(0)
                    + 1;
            Journal.Position position = journal.claim(request, attempt);
            memory.awaitRead(position);
            if (!isMine(request, attempt, position)) {
                return false;
            }
            ProofReport report = judged(request, attempt);
            if (memory.hasEnded(request.testId())) {
                // this process stood still for so long that another took the test over: the first verdict is the test's
                LOGGER.atWarn().addKeyValue("testId", request.testId()).log("another validator was quicker");
                return true;
            }
            publish(request, attempt, report);
            memory.ended(request.testId());
            return true;
        } finally {
            if (placed) {
                places.leave();
            }
        }
    }

    private boolean isMine(TestRequest request, int attempt, Journal.Position position) {
        return memory.winner(request.testId(), attempt)
                .filter(claim -> claim.eventId().equals(position.eventId()))
                .isPresent();
    }

    /** What nobody foresaw says nothing of the backup, and must not leave the test without a verdict. */
    private ProofReport judged(TestRequest request, int attempt) throws InterruptedException {
        try {
            return judge(request, attempt);
        } catch (RuntimeException | Error e) {
            LOGGER.atError().setCause(e).addKeyValue("testId", request.testId()).log("a restore test broke off");
            return refused(Reason.SANDBOX, "the test broke off in the validator, see its log: " + e);
        }
    }

    /** A report that cannot be published is replaced by one that says so; one that comes to grief because the validator stops is not. */
    private void publish(TestRequest request, int attempt, ProofReport report) {
        try {
            journal.completed(request, attempt, report);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("testId", request.testId())
                    .log("a verdict could not be published");
            journal.completed(
                    request,
                    attempt,
                    refused(
                            Reason.SANDBOX,
                            "the test ended in %s and its evidence could not be published, see the validator's log: %s"
                                    .formatted(report.conclusion().reason(), e)));
        }
    }

    private ProofReport judge(TestRequest request, int attempt) throws InterruptedException {
        if (attempt > MOST_ATTEMPTS) {
            return refused(
                    Reason.VALIDATOR_DIED,
                    "%d validators began this test and none of them lived to its end; look into their logs and the kernel's for what killed them"
                            .formatted(MOST_ATTEMPTS));
        }
        Optional<TestMemory.Cancellation> cancellation = memory.cancellation(request);
        if (cancellation.isPresent()) {
            return refused(Reason.CANCELLED, words(cancellation.get()));
        }
        // a test that was begun in time may be begun again
        if (attempt == 1 && clock.instant().isAfter(request.notAfter())) {
            return refused(
                    Reason.REQUEST_EXPIRED,
                    "the test might have started until %s and it is %s now; ask again"
                            .formatted(request.notAfter(), clock.instant()));
        }
        return switch (request.wish()) {
            case TestRequest.Improper(String why) -> refused(Reason.INVALID, why);
            case TestRequest.Proper proper -> prove(request, attempt, proper);
        };
    }

    private ProofReport prove(TestRequest request, int attempt, TestRequest.Proper proper) throws InterruptedException {
        ProofProgress progress = new ProofProgress();
        Thread heart =
                Thread.ofVirtual().name("heartbeat-" + request.testId()).start(() -> beat(request, attempt, progress));
        try {
            ProofReport report = proof.prove(proper.order(), progress);
            LOGGER.atInfo()
                    .addKeyValue("stanza", request.stanza())
                    .addKeyValue("testId", request.testId())
                    .addKeyValue("verdict", report.conclusion().verdict())
                    .addKeyValue("reason", report.conclusion().reason())
                    .log(report.conclusion().message());
            return report;
        } finally {
            heart.interrupt();
            heart.join();
        }
    }

    private void beat(TestRequest request, int attempt, ProofProgress progress) {
        try {
            while (true) {
                memory.cancellation(request).map(TestDesk::words).ifPresent(progress::cancel);
                journal.progressed(request, attempt, progress);
                Thread.sleep(HEARTBEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String words(TestMemory.Cancellation cancellation) {
        String why = cancellation.why().isBlank() ? "" : ": " + cancellation.why();
        return "cancelled by %s at %s%s".formatted(cancellation.by(), cancellation.at(), why);
    }

    private ProofReport refused(Reason reason, String message) {
        LOGGER.atInfo().addKeyValue("reason", reason).log(message);
        return ProofReport.withoutProof(new Conclusion(reason, message), clock.instant(), clock.instant());
    }
}
