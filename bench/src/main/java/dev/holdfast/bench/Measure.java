package dev.holdfast.bench;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupFailed;
import dev.holdfast.events.BackupRejected;
import dev.holdfast.events.RestoreTestCompleted;
import dev.holdfast.events.Verdict;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;

/**
 * One measurement against a running stack, named by the first argument; {@code bench/run} calls it.
 *
 * <ul>
 *   <li>{@code backups STANZA N}: lines of wall milliseconds (request appended to completion appended) and pgBackRest's own
 *   <li>{@code proofs STANZA LABEL N}: lines of wall milliseconds (request appended to verdict appended)
 *   <li>{@code together STANZA LABEL N}: one line, the milliseconds from the first of N requests at once to the last verdict
 *   <li>{@code starts STANZA LABEL N}: lines of milliseconds from a test's start to its restore's, by the verdict's own timings
 *   <li>{@code verdicts STANZA LABEL N AT_ONCE [STOP]}: lines of a test's id and its reason code, whatever the verdict, of at least
 *       N tests, AT_ONCE of them open at any time; with STOP until that file is there
 *   <li>{@code execs STANZA N STUB LOG}: lines of {@code raw} or {@code product} and microseconds from before the request
 *       is sent until the program STUB, which notes its start in LOG, begins
 * </ul>
 */
public final class Measure {

    private static final PrintStream OUT = System.out;

    /** A run's restore point and look at the repository come after its end, and must not be counted to the next run. */
    private static final long IDLE_MILLIS = 3_000;

    private final StackUnderTest stack;

    private Measure(StackUnderTest stack) {
        this.stack = stack;
    }

    /** Measures what the arguments say. */
    public static void main(String[] args) throws Exception {
        KafkaConnection connection = KafkaConnection.from(System.getenv());
        try (StackUnderTest stack = new StackUnderTest(connection)) {
            Measure measure = new Measure(stack);
            switch (args[0]) {
                case "backups" -> measure.backups(args[1], Integer.parseInt(args[2]));
                case "proofs" -> measure.proofs(args[1], args[2], Integer.parseInt(args[3]));
                case "together" -> measure.together(args[1], args[2], Integer.parseInt(args[3]));
                case "starts" -> measure.starts(args[1], args[2], Integer.parseInt(args[3]));
                case "verdicts" ->
                    measure.verdicts(
                            args[1],
                            args[2],
                            Integer.parseInt(args[3]),
                            Integer.parseInt(args[4]),
                            args.length > 5 ? Optional.of(Path.of(args[5])) : Optional.empty());
                case "execs" ->
                    measure.execs(connection, args[1], Integer.parseInt(args[2]), args[3], Path.of(args[4]));
                default -> throw new IllegalArgumentException("no such measurement: " + args[0]);
            }
        }
    }

    private void backups(String stanza, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
            UUID requestId = UUID.randomUUID();
            long asked = stack.requestBackup(stanza, requestId);
            StackUnderTest.Fact end = stack.await(requestId, Measure::endsBackup);
            if (!(end.event() instanceof BackupCompleted completed)) {
                throw new IllegalStateException("no backup: " + end.event());
            }
            long wall = end.appendedAt() - asked;
            OUT.println(wall + " " + completed.getPgbackrestMillis().orElseThrow() + " " + completed.getLabel());
        }
    }

    private void proofs(String stanza, String label, int times) {
        for (int i = 0; i < times; i++) {
            UUID testId = UUID.randomUUID();
            long asked = stack.requestProof(stanza, label, testId);
            StackUnderTest.Fact end = stack.await(testId, RestoreTestCompleted.class::isInstance);
            passed(end);
            OUT.printf("%d%n", end.appendedAt() - asked);
        }
    }

    private void together(String stanza, String label, int number) {
        Set<UUID> open = new HashSet<>();
        long first = Long.MAX_VALUE;
        for (int i = 0; i < number; i++) {
            UUID testId = UUID.randomUUID();
            first = Math.min(first, stack.requestProof(stanza, label, testId));
            open.add(testId);
        }
        long last = 0;
        while (!open.isEmpty()) {
            StackUnderTest.Fact end = stack.awaitAny(open, RestoreTestCompleted.class::isInstance);
            open.remove(passed(end).getTestId());
            last = end.appendedAt();
        }
        OUT.printf("%d%n", last - first);
    }

    /** What is left of the time until queries are taken without the restore and the replay: a little more than until the restore. */
    private void starts(String stanza, String label, int times) {
        for (int i = 0; i < times; i++) {
            UUID testId = UUID.randomUUID();
            stack.requestProof(stanza, label, testId);
            RestoreTestCompleted end = passed(stack.await(testId, RestoreTestCompleted.class::isInstance));
            OUT.printf(
                    "%d%n",
                    end.getReadyMillis().orElseThrow()
                            - end.getRestoreMillis().orElseThrow()
                            - end.getReplayMillis().orElseThrow());
        }
    }

    private void verdicts(String stanza, String label, int atLeast, int atOnce, Optional<Path> stop) {
        Set<UUID> open = new HashSet<>();
        int asked = 0;
        do {
            while (open.size() < atOnce
                    && (asked < atLeast || stop.filter(Files::notExists).isPresent())) {
                UUID testId = UUID.randomUUID();
                stack.requestProof(stanza, label, testId);
                open.add(testId);
                asked++;
            }
            StackUnderTest.Fact end = stack.awaitAny(open, RestoreTestCompleted.class::isInstance);
            RestoreTestCompleted completed = (RestoreTestCompleted) end.event();
            open.remove(completed.getTestId());
            OUT.printf("%s %s%n", completed.getTestId(), completed.getReasonCode());
        } while (!open.isEmpty());
    }

    private static RestoreTestCompleted passed(StackUnderTest.Fact end) {
        if (end.event() instanceof RestoreTestCompleted completed && completed.getVerdict() == Verdict.PASSED) {
            return completed;
        }
        throw new IllegalStateException("no proof: " + end.event());
    }

    /** Raw and product by turns, so that both meet the same machine. */
    private void execs(KafkaConnection connection, String stanza, int times, String stub, Path log) throws Exception {
        try (RawLoop raw = new RawLoop(connection, List.of(stub, "backup"))) {
            for (int i = 0; i < times; i++) {
                UUID id = UUID.randomUUID();
                long before = nowMicros();
                raw.request(id);
                OUT.printf("raw %d%n", startOf(id, log) - before);
                UUID requestId = UUID.randomUUID();
                before = nowMicros();
                stack.requestBackup(stanza, requestId);
                OUT.printf("product %d%n", startOf(requestId, log) - before);
                // the lane must be free before the next one is timed
                stack.await(requestId, Measure::endsBackup);
            }
        }
    }

    /** The stub writes {@code nanoseconds arguments} when it begins. */
    private static long startOf(UUID id, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline) {
            for (String line : Files.readAllLines(log)) {
                if (line.contains(id.toString())) {
                    return Long.parseLong(line.substring(0, line.indexOf(' '))) / 1_000;
                }
            }
            Thread.sleep(2);
        }
        throw new IllegalStateException("%s was never executed; the runner's log says why".formatted(id));
    }

    private static boolean endsBackup(SpecificRecord event) {
        return event instanceof BackupCompleted || event instanceof BackupFailed || event instanceof BackupRejected;
    }

    private static long nowMicros() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
