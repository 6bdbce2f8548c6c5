package dev.holdfast.scheduler.streams;

import dev.holdfast.scheduler.stanza.Ledger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Ledgers as bytes. The first byte is the version of the form, so that a later one can read what this one wrote. */
public final class LedgerSerde implements Serde<Ledger> {

    private static final int VERSION = 4;

    /** The one before the gate. */
    private static final int OLDEST = 2;

    @Override
    public Serializer<Ledger> serializer() {
        return (topic, ledger) -> ledger == null ? null : write(ledger);
    }

    @Override
    public Deserializer<Ledger> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(bytes);
    }

    static byte[] write(Ledger ledger) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            LedgerWriter.write(ledger, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Ledger read(byte @Nullable [] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version < OLDEST || version > VERSION) {
                throw new IllegalStateException(
                        "the scheduler's store holds form %d, this version reads %d to %d: run the version that wrote it, or set HOLDFAST_SCHEDULER_APPLICATION_ID to a new name, so that the state is built anew from the log"
                                .formatted(version, OLDEST, VERSION));
            }
            return LedgerReader.read(in, version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
