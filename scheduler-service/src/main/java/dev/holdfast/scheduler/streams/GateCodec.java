package dev.holdfast.scheduler.streams;

import dev.holdfast.events.RequestKind;
import dev.holdfast.scheduler.gate.Gate;
import dev.holdfast.scheduler.gate.GateMessage;
import dev.holdfast.scheduler.gate.Place;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What stanzas and the gate tell each other, and what the gate stores, as bytes. They never leave the application. */
final class GateCodec {

    private static final int VERSION = 1;
    private static final int WISH = 1;
    private static final int TAKE = 2;
    private static final int FREE = 3;
    private static final int UUID_BYTES = 16;

    private GateCodec() {}

    static byte[] message(GateMessage message) {
        return write(out -> {
            switch (message) {
                case GateMessage.Wish wish -> {
                    out.writeByte(WISH);
                    place(out, wish.place());
                }
                case GateMessage.Take take -> {
                    out.writeByte(TAKE);
                    place(out, take.place());
                }
                case GateMessage.Free free -> {
                    out.writeByte(FREE);
                    uuid(out, free.id());
                }
            }
        });
    }

    static GateMessage message(byte[] bytes) {
        return read(bytes, in -> {
            int kind = in.readByte();
            return switch (kind) {
                case WISH -> new GateMessage.Wish(place(in));
                case TAKE -> new GateMessage.Take(place(in));
                case FREE -> new GateMessage.Free(uuid(in));
                default -> throw new IllegalStateException("a message to the gate of the unknown kind " + kind);
            };
        });
    }

    /** Tells a stanza that something was let in. */
    static byte[] letIn(UUID id) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static UUID letIn(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static Serde<Gate.Entry> entries() {
        return Serdes.serdeFrom(
                (topic, entry) -> entry == null ? null : entry(entry),
                (topic, bytes) -> bytes == null ? null : entry(bytes));
    }

    private static byte[] entry(Gate.Entry entry) {
        return write(out -> {
            out.writeBoolean(entry.taken());
            place(out, entry.place());
        });
    }

    static Gate.Entry entry(byte[] bytes) {
        return read(bytes, in -> {
            boolean taken = in.readBoolean();
            return new Gate.Entry(place(in), taken);
        });
    }

    private static void place(DataOutputStream out, Place place) throws IOException {
        uuid(out, place.id());
        uuid(out, place.requestId());
        out.writeUTF(place.kind().name());
        out.writeUTF(place.stanza());
        out.writeUTF(place.pool());
        out.writeUTF(place.schedule().orElse(""));
        instant(out, place.slot().orElse(Instant.MIN));
        instant(out, place.due());
        instant(out, place.notAfter());
    }

    private static Place place(DataInputStream in) throws IOException {
        return new Place(
                uuid(in),
                uuid(in),
                RequestKind.valueOf(in.readUTF()),
                in.readUTF(),
                in.readUTF(),
                Optional.of(in.readUTF()).filter(name -> !name.isEmpty()),
                Optional.of(instant(in)).filter(slot -> !slot.equals(Instant.MIN)),
                instant(in),
                instant(in));
    }

    private static void uuid(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void instant(DataOutputStream out, Instant instant) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] write(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reading<T> reading) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "a place in form %d, this version reads %d".formatted(version, VERSION));
            }
            return reading.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
