package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.stanza.Cursor;
import dev.holdfast.scheduler.stanza.KnownBackup;
import dev.holdfast.scheduler.stanza.Ledger;
import dev.holdfast.scheduler.stanza.Proof;
import dev.holdfast.scheduler.stanza.Queued;
import dev.holdfast.scheduler.stanza.SeenRepository;
import dev.holdfast.scheduler.stanza.Tracked;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Writes a ledger field by field; {@link LedgerReader} reads the same in the same order. */
final class LedgerWriter {

    private static final int LONGEST_REASON = 500;

    /** By class: to make one means to compute a fingerprint of the whole schema. Safe for several threads. */
    private static final Map<Class<?>, BinaryMessageEncoder<SpecificRecord>> ENCODERS = new ConcurrentHashMap<>();

    private final DataOutputStream out;

    private LedgerWriter(DataOutputStream out) {
        this.out = out;
    }

    static void write(Ledger ledger, DataOutputStream out) throws IOException {
        new LedgerWriter(out).ledger(ledger);
    }

    private interface Each<T> {
        void write(T element) throws IOException;
    }

    private void ledger(Ledger ledger) throws IOException {
        out.writeUTF(ledger.stanza);
        event(ledger.policy);
        instant(ledger.inForceSince);
        each(ledger.cursors.entrySet(), this::cursor);
        each(ledger.concluded.entrySet(), entry -> {
            out.writeUTF(entry.getKey());
            instant(entry.getValue());
        });
        each(ledger.leftovers, leftover -> {
            event(leftover.policy());
            out.writeUTF(leftover.schedule());
            instant(leftover.through());
            instant(leftover.until());
        });
        each(ledger.tracked.values(), this::tracked);
        each(ledger.cancelled.entrySet(), this::asked);
        each(ledger.backups, this::backup);
        each(ledger.proofs.values(), this::proof);
        each(ledger.lastProof == null ? List.of() : List.of(ledger.lastProof), this::proof);
        each(ledger.repositories.entrySet(), this::repository);
        instant(ledger.provenAt);
        instant(ledger.coveredAt);
        each(ledger.objectives.entrySet(), entry -> {
            out.writeUTF(entry.getKey().name());
            out.writeBoolean(entry.getValue().met());
            instant(entry.getValue().since());
        });
        each(ledger.retries.values(), retry -> {
            instant(retry.due());
            event(retry.request());
        });
        each(ledger.completions, this::event);
        each(ledger.heldTests.values(), this::event);
        each(ledger.askedTests.entrySet(), this::asked);
        each(ledger.lastAfter.entrySet(), entry -> {
            out.writeUTF(entry.getKey());
            instant(entry.getValue());
        });
        each(ledger.inconclusive.entrySet(), entry -> {
            uuid(entry.getKey());
            instant(entry.getValue().at());
            out.writeUTF(cut(entry.getValue().reason()));
        });
        each(ledger.queued.values(), this::queued);
        each(ledger.told.entrySet(), entry -> {
            uuid(entry.getKey());
            name(entry.getValue());
        });
        each(ledger.reopened.entrySet(), entry -> {
            out.writeUTF(entry.getKey());
            name(entry.getValue().kind());
            out.writeUTF(entry.getValue().policyDigest());
            each(entry.getValue().slots(), this::instant);
        });
    }

    private void cursor(Map.Entry<String, Cursor> entry) throws IOException {
        out.writeUTF(entry.getKey());
        instant(entry.getValue().through());
        instant(entry.getValue().waiting());
    }

    private void tracked(Tracked request) throws IOException {
        uuid(request.id());
        uuid(request.requestId());
        out.writeUTF(request.kind().name());
        instant(request.seen());
        event(request.backup());
        event(request.test());
        instant(request.heartbeat());
        name(request.unserved());
        instant(request.declaredAt());
        instant(request.endedAt());
        name(request.failure());
    }

    private void backup(KnownBackup backup) throws IOException {
        out.writeUTF(backup.label());
        out.writeInt(backup.repository());
        out.writeUTF(backup.type().name());
        out.writeUTF(backup.shape());
        instant(backup.finishedAt());
    }

    private void proof(Proof proof) throws IOException {
        out.writeUTF(proof.label());
        out.writeInt(proof.repository());
        out.writeUTF(proof.shape());
        instant(proof.finishedAt());
        instant(proof.reached());
        Duration restoreTime = proof.restoreTime();
        out.writeLong(restoreTime == null ? -1 : restoreTime.toMillis());
    }

    private void repository(Map.Entry<Integer, SeenRepository> entry) throws IOException {
        SeenRepository seen = entry.getValue();
        out.writeInt(entry.getKey());
        instant(seen.at());
        instant(seen.archivedAt());
        each(seen.labels(), out::writeUTF);
        each(seen.windows(), window -> {
            instant(window.from());
            instant(window.to());
        });
        Duration looksAgain = seen.looksAgain();
        out.writeLong(looksAgain == null ? -1 : looksAgain.toMillis());
    }

    private void queued(Queued queued) throws IOException {
        event(queued.backup());
        event(queued.test());
        event(queued.conclusion());
        instant(queued.due());
        out.writeBoolean(queued.letIn());
        out.writeBoolean(queued.again());
    }

    private static String cut(String reason) {
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }

    private void asked(Map.Entry<UUID, Instant> entry) throws IOException {
        uuid(entry.getKey());
        instant(entry.getValue());
    }

    private <T> void each(Collection<T> elements, Each<T> each) throws IOException {
        Compact.writeLong(elements.size(), out);
        for (T element : elements) {
            each.write(element);
        }
    }

    private void instant(@Nullable Instant instant) throws IOException {
        Compact.writeInstant(instant, out);
    }

    private void uuid(UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private void name(@Nullable Enum<?> value) throws IOException {
        out.writeUTF(value == null ? "" : value.name());
    }

    private void event(@Nullable SpecificRecord event) throws IOException {
        if (event == null) {
            Compact.writeLong(0, out);
            return;
        }
        byte[] bytes = encode(event);
        Compact.writeLong(bytes.length, out);
        out.write(bytes);
    }

    /** Avro's single-object form: it names its schema by fingerprint. */
    private static byte[] encode(SpecificRecord event) throws IOException {
        var buffer = ENCODERS.computeIfAbsent(event.getClass(), type -> encoderOf(event))
                .encode(event);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static BinaryMessageEncoder<SpecificRecord> encoderOf(SpecificRecord event) {
        return new BinaryMessageEncoder<>(SpecificData.getForClass(event.getClass()), event.getSchema());
    }
}
