package dev.holdfast.validator.proof;

/**
 * The size of a cluster's WAL segments, as a backup's own record tells: the LSN of its end and the name of the segment
 * that holds it. The control file has it too, but lies inside the backup.
 */
final class SegmentSize {

    private static final long USUAL = 16L << 20;
    private static final long SMALLEST = 1L << 20;
    private static final long LARGEST = 1L << 30;

    private SegmentSize() {}

    /** Bytes; 16 MiB, which nearly every cluster has, where the record fits it or tells nothing. */
    static long of(Backup backup) {
        if (fits(backup, USUAL)) {
            return USUAL;
        }
        for (long size = SMALLEST; size <= LARGEST; size *= 2) {
            if (fits(backup, size)) {
                return size;
            }
        }
        return USUAL;
    }

    private static boolean fits(Backup backup, long size) {
        if (backup.lsnStop().isEmpty() || backup.walStop().isEmpty()) {
            return size == USUAL;
        }
        WalSegment stop = backup.walStop().get();
        // an end just behind a segment belongs to the segment before it
        Lsn last = new Lsn(backup.lsnStop().get().value() - 1);
        return WalSegment.holding(last, stop.timeline(), size).equals(stop);
    }
}
