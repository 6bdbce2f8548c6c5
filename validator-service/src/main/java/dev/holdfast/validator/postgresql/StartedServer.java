package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.DatabaseEngine;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RecoveryLog;
import dev.holdfast.validator.proof.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server whose log is read as it is written, so that nothing has to be polled. */
final class StartedServer implements DatabaseEngine.Server {

    private static final String READY = "database system is ready to accept connections";
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private final RecoveryLog log = new RecoveryLog();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    private StartedServer() {}

    static StartedServer start(Sandbox sandbox, List<String> commandLine) {
        StartedServer server = new StartedServer();
        Sandbox.Running running = sandbox.start(commandLine, server::line);
        Thread.ofVirtual().name("postgres-end").start(() -> {
            try {
                running.await(FOR_EVER);
            } finally {
                server.ready.complete(false);
            }
        });
        return server;
    }

    private void line(String line) {
        log.add(line);
        if (line.contains(READY)) {
            ready.complete(true);
        }
    }

    @Override
    public boolean awaitReady(Duration limit) {
        try {
            return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ProofStopped(
                    Reason.TIMEOUT,
                    "recovery was not over after %s; raise HOLDFAST_VALIDATOR_TIME_LIMIT".formatted(limit),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProofStopped(Reason.CANCELLED, "the test was interrupted while PostgreSQL recovered", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading the server's log broke off", e);
        }
    }

    @Override
    public RecoveryLog log() {
        return log;
    }
}
