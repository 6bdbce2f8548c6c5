package dev.holdfast.scheduler.streams;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Numbers and instants in few bytes: a ledger has many that are nothing or small, and there are many ledgers. */
final class Compact {

    private static final int NONE = 0;
    private static final int SECONDS = 1;
    private static final int MILLIS = 2;
    private static final int NANOS = 3;

    private static final int BITS = 7;
    private static final long LOW_BITS = 0x7F;
    private static final int MORE = 0x80;
    private static final int NANOS_A_MILLI = 1_000_000;

    private Compact() {}

    /** Seven bits a byte, the lowest first; the eighth says that more follow. A number below zero takes ten bytes. */
    static void writeLong(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & ~LOW_BITS) != 0) {
            out.writeByte((int) (rest & LOW_BITS) | MORE);
            rest >>>= BITS;
        }
        out.writeByte((int) rest);
    }

    static long readLong(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            int next = in.readUnsignedByte();
            value |= (next & LOW_BITS) << shift;
            if ((next & MORE) == 0) {
                return value;
            }
        }
        throw new IOException("a number of more than %d bits".formatted(Long.SIZE));
    }

    static void writeInstant(@Nullable Instant instant, DataOutput out) throws IOException {
        if (instant == null) {
            out.writeByte(NONE);
        } else if (instant.getNano() == 0) {
            out.writeByte(SECONDS);
            writeLong(instant.getEpochSecond(), out);
        } else if (instant.getNano() % NANOS_A_MILLI == 0) {
            out.writeByte(MILLIS);
            writeLong(instant.getEpochSecond(), out);
            writeLong(instant.getNano() / NANOS_A_MILLI, out);
        } else {
            out.writeByte(NANOS);
            writeLong(instant.getEpochSecond(), out);
            writeLong(instant.getNano(), out);
        }
    }

    static @Nullable Instant readInstant(DataInput in) throws IOException {
        int unit = in.readByte();
        return switch (unit) {
            case NONE -> null;
            case SECONDS -> Instant.ofEpochSecond(readLong(in));
            case MILLIS -> Instant.ofEpochSecond(readLong(in), readLong(in) * NANOS_A_MILLI);
            case NANOS -> Instant.ofEpochSecond(readLong(in), readLong(in));
            default -> throw new IOException("an instant in the unknown unit " + unit);
        };
    }
}
