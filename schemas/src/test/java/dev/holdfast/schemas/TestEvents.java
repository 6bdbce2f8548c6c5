package dev.holdfast.schemas;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.Requester;
import dev.holdfast.events.RunnerAnnounced;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Events for the tests of this module, which cannot use those of test-support, because that depends on it. */
public final class TestEvents {

    /** When they were written. */
    public static final Instant NOW = Instant.parse("2026-11-22T02:00:03.000417Z");

    private TestEvents() {}

    /** A request for a full backup of mcpgov. */
    public static BackupRequested.Builder request() {
        return BackupRequested.newBuilder()
                .setEventId(Ids.newEventId(NOW))
                .setOccurredAt(NOW)
                .setStanza("mcpgov")
                .setRequestId(new UUID(1, 2))
                .setProducer(new Producer("cli", "ada's laptop", "0.1.0"))
                .setType(BackupType.FULL)
                .setRequestedBy(new Requester("ada", PrincipalSource.OIDC));
    }

    /** A runner that serves mcpgov. */
    public static RunnerAnnounced.Builder announcement() {
        return RunnerAnnounced.newBuilder()
                .setEventId(Ids.newEventId(NOW))
                .setOccurredAt(NOW)
                .setProducer(new Producer("runner", "db1-1", "0.1.0"))
                .setService("runner")
                .setPool("db1")
                .setInstance("db1-1")
                .setStanzas(List.of("mcpgov"));
    }
}
