package dev.holdfast.scheduler.streams;

import dev.holdfast.events.BackupCompleted;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.FailureCategory;
import dev.holdfast.events.ObjectiveKind;
import dev.holdfast.events.Policy;
import dev.holdfast.events.RequestKind;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.SlotConcluded;
import dev.holdfast.events.SlotKind;
import dev.holdfast.events.UnservedReason;
import dev.holdfast.scheduler.stanza.Cursor;
import dev.holdfast.scheduler.stanza.Inconclusive;
import dev.holdfast.scheduler.stanza.KnownBackup;
import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.scheduler.stanza.Leftover;
import dev.holdfast.scheduler.stanza.ObjectiveStatus;
import dev.holdfast.scheduler.stanza.Proof;
import dev.holdfast.scheduler.stanza.Queued;
import dev.holdfast.scheduler.stanza.Reopened;
import dev.holdfast.scheduler.stanza.Retry;
import dev.holdfast.scheduler.stanza.SeenRepository;
import dev.holdfast.scheduler.stanza.Told;
import dev.holdfast.scheduler.stanza.Tracked;
import dev.holdfast.scheduler.stanza.Window;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.message.BinaryMessageDecoder;
import org.jspecify.annotations.Nullable;

/** Reads what {@link LedgerWriter} wrote. */
final class LedgerReader {

    private static final int WITH_QUEUE = 3;

    /** Numbers take as few bytes as they need. */
    private static final int COMPACT = 4;

    private final DataInputStream in;
    private final int version;

    private LedgerReader(DataInputStream in, int version) {
        this.in = in;
        this.version = version;
    }

    static Ledger read(DataInputStream in, int version) throws IOException {
        LedgerReader reader = new LedgerReader(in, version);
        Ledger ledger = reader.ledger();
        if (version >= WITH_QUEUE) {
            reader.queue(ledger);
        }
        if (version >= COMPACT) {
            reader.reopened(ledger);
        }
        return ledger;
    }

    private interface Each {
        void read() throws IOException;
    }

    private Ledger ledger() throws IOException {
        Ledger ledger = new Ledger(in.readUTF());
        ledger.policy = event(Policy.getDecoder());
        ledger.inForceSince = instant();
        each(() -> ledger.cursors.put(in.readUTF(), new Cursor(some(instant()), instant())));
        each(() -> ledger.concluded.put(in.readUTF(), some(instant())));
        each(() -> ledger.leftovers.add(
                new Leftover(some(event(Policy.getDecoder())), in.readUTF(), some(instant()), some(instant()))));
        each(() -> {
            Tracked request = tracked();
            ledger.tracked.put(request.id(), request);
        });
        each(() -> ledger.cancelled.put(uuid(), some(instant())));
        each(() -> ledger.backups.add(new KnownBackup(
                in.readUTF(), in.readInt(), BackupType.valueOf(in.readUTF()), in.readUTF(), some(instant()))));
        each(() -> {
            Proof proof = proof();
            ledger.proofs.put(Proof.keyOf(proof.label(), proof.repository()), proof);
        });
        each(() -> ledger.lastProof = proof());
        each(() -> ledger.repositories.put(in.readInt(), repository()));
        ledger.provenAt = instant();
        ledger.coveredAt = instant();
        each(() -> ledger.objectives.put(
                ObjectiveKind.valueOf(in.readUTF()), new ObjectiveStatus(in.readBoolean(), some(instant()))));
        each(() -> {
            var retry = new Retry(some(instant()), some(event(BackupRequested.getDecoder())));
            ledger.retries.put(retry.request().getRequestId(), retry);
        });
        each(() -> ledger.completions.add(some(event(BackupCompleted.getDecoder()))));
        each(() -> {
            var test = some(event(RestoreTestRequested.getDecoder()));
            ledger.heldTests.put(test.getTestId(), test);
        });
        each(() -> ledger.askedTests.put(uuid(), some(instant())));
        each(() -> ledger.lastAfter.put(in.readUTF(), some(instant())));
        return ledger;
    }

    private void queue(Ledger ledger) throws IOException {
        each(() -> ledger.inconclusive.put(uuid(), new Inconclusive(some(instant()), in.readUTF())));
        each(() -> {
            Queued queued = queued();
            ledger.queued.put(queued.id(), queued);
        });
        each(() -> ledger.told.put(uuid(), some(name(Told.class))));
    }

    private void reopened(Ledger ledger) throws IOException {
        each(() -> {
            String schedule = in.readUTF();
            SlotKind kind = some(name(SlotKind.class));
            String digest = in.readUTF();
            List<Instant> slots = new ArrayList<>();
            each(() -> slots.add(some(instant())));
            ledger.reopened.put(schedule, new Reopened(kind, digest, slots));
        });
    }

    private Tracked tracked() throws IOException {
        return new Tracked(
                uuid(),
                uuid(),
                RequestKind.valueOf(in.readUTF()),
                some(instant()),
                event(BackupRequested.getDecoder()),
                event(RestoreTestRequested.getDecoder()),
                instant(),
                name(UnservedReason.class),
                instant(),
                instant(),
                name(FailureCategory.class));
    }

    private Queued queued() throws IOException {
        return new Queued(
                event(BackupRequested.getDecoder()),
                event(RestoreTestRequested.getDecoder()),
                event(SlotConcluded.getDecoder()),
                some(instant()),
                in.readBoolean(),
                in.readBoolean());
    }

    private Proof proof() throws IOException {
        String label = in.readUTF();
        int repository = in.readInt();
        String shape = in.readUTF();
        Instant finishedAt = some(instant());
        Instant reached = instant();
        long millis = in.readLong();
        return new Proof(label, repository, shape, finishedAt, reached, millis < 0 ? null : Duration.ofMillis(millis));
    }

    private SeenRepository repository() throws IOException {
        Instant at = some(instant());
        Instant archivedAt = instant();
        List<String> labels = new ArrayList<>();
        each(() -> labels.add(in.readUTF()));
        List<Window> windows = new ArrayList<>();
        each(() -> windows.add(new Window(some(instant()), some(instant()))));
        long millis = version >= WITH_QUEUE ? in.readLong() : -1;
        return new SeenRepository(
                at,
                archivedAt,
                List.copyOf(labels),
                List.copyOf(windows),
                millis < 0 ? null : Duration.ofMillis(millis));
    }

    private void each(Each each) throws IOException {
        int count = version >= COMPACT ? (int) Compact.readLong(in) : in.readInt();
        for (int index = 0; index < count; index++) {
            each.read();
        }
    }

    private @Nullable Instant instant() throws IOException {
        if (version >= COMPACT) {
            return Compact.readInstant(in);
        }
        long seconds = in.readLong();
        return seconds == Long.MIN_VALUE ? null : Instant.ofEpochSecond(seconds, in.readInt());
    }

    private UUID uuid() throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private <E extends Enum<E>> @Nullable E name(Class<E> type) throws IOException {
        String name = in.readUTF();
        return name.isEmpty() ? null : Enum.valueOf(type, name);
    }

    private <T> @Nullable T event(BinaryMessageDecoder<T> decoder) throws IOException {
        int length = version >= COMPACT ? (int) Compact.readLong(in) : Math.max(0, in.readInt());
        if (length == 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return decoder.decode(bytes);
    }

    private static <T> T some(@Nullable T value) {
        return Objects.requireNonNull(value, "a stored ledger lacks a value that it always has");
    }
}
