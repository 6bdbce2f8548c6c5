package dev.holdfast.runner.intake;

import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.RequestHead;

/** Who takes requests over from the intake. Neither method may block. */
public interface Reception {

    /** What the intake is told when a request is done with. */
    interface Ticket {
        /** False once the partition has been lost: somebody else gets the record then. */
        boolean isValid();

        /** The record need not be delivered again. */
        void finished();
    }

    /** A request to serve. */
    void accept(BackupRequest request, Ticket ticket);

    /** A request that breaks a rule; {@code reason} says which. */
    void refuse(RequestHead head, String reason, Ticket ticket);
}
