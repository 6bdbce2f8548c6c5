package dev.holdfast.validator.proof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One backup as the repository lists it.
 *
 * @param label pgBackRest's name of it
 * @param type full, diff or incr
 * @param references the labels that its restore needs besides itself, oldest first
 * @param archiveId the archive that holds its WAL, such as {@code 15-1}
 * @param repository the repository's number
 * @param walStart first segment it needs; empty if it was made without archive
 * @param walStop last segment it needs; empty if it was made without archive
 * @param lsnStop where it is consistent; empty for sets made before pgBackRest 2.38
 * @param startedAt when it began, to the second
 * @param stoppedAt when it ended, to the second
 * @param bytes size of the cluster
 * @param damagedPages true if pgBackRest met pages with wrong checksums while it copied
 * @param postgresVersion major version, such as {@code 15}
 * @param systemId PostgreSQL's identity of the cluster
 */
public record Backup(
        String label,
        String type,
        List<String> references,
        String archiveId,
        int repository,
        Optional<WalSegment> walStart,
        Optional<WalSegment> walStop,
        Optional<Lsn> lsnStop,
        Instant startedAt,
        Instant stoppedAt,
        long bytes,
        boolean damagedPages,
        String postgresVersion,
        String systemId) {

    /** Copies the list. */
    public Backup {
        references = List.copyOf(references);
    }

    /** Everything a restore reads, oldest first, itself last. */
    public List<String> chain() {
        List<String> chain = new ArrayList<>(references);
        chain.add(label);
        return List.copyOf(chain);
    }

    /** Such as {@code FULL+DIFF+INCR}. */
    public String chainShape() {
        return String.join("+", chain().stream().map(Backup::typeOf).toList());
    }

    /** The timeline it was made on; 1 where it has no WAL. */
    public int timeline() {
        return walStart.map(WalSegment::timeline).orElse(1);
    }

    private static String typeOf(String label) {
        return switch (label.charAt(label.length() - 1)) {
            case 'D' -> "DIFF";
            case 'I' -> "INCR";
            default -> "FULL";
        };
    }
}
