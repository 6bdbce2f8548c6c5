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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;

/**
 * One measurement against a running stack, named by the first argument; {@code bench/run} calls it.
 *
 * <ul>
 *   <li>{@code backups STANZA N}: lines of wall milliseconds (request appended to completion appended) and pgBackRest's own
 *   <li>{@code proofs STANZA LABEL N}: lines of wall milliseconds (request appended to verdict appended)
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
            if (((RestoreTestCompleted) end.event()).getVerdict() != Verdict.PASSED) {
                throw new IllegalStateException("no proof: " + end.event());
            }
            OUT.printf("%d%n", end.appendedAt() - asked);
        }
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
