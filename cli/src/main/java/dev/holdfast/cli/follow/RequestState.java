package dev.holdfast.cli.follow;

/** Where a request stands, in the words of the catalog's HTTP. */
public enum RequestState {
    /** Published; nobody has taken it yet. */
    REQUESTED(false),
    /** A runner has begun. */
    RUNNING(false),
    /** The backup lies in the repository. */
    COMPLETED(true),
    /** The run ended without a backup. */
    FAILED(false),
    /** Nothing was run. */
    REJECTED(false),
    /** Nobody has taken it so far. */
    UNSERVED(false),
    /** Somebody called it off. */
    CANCELLED(false),
    /** The run fell silent. */
    LOST(false),
    /** The backup was restored and every check passed. */
    PROVEN(true),
    /** A restore showed that the backup or its WAL is at fault. */
    DISPROVEN(false),
    /** A restore was tried and says nothing about the backup. */
    INCONCLUSIVE(false);

    private final boolean good;

    RequestState(boolean good) {
        this.good = good;
    }

    /** True if a request that ends here has done what was asked. */
    public boolean isGood() {
        return good;
    }
}
