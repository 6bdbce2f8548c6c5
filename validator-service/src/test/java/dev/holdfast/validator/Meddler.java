package dev.holdfast.validator;

import dev.holdfast.validator.proof.ArchiveListing;
import dev.holdfast.validator.proof.BackupEngine;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.Sandbox;
import dev.holdfast.validator.proof.TestOrder;
import dev.holdfast.validator.proof.Verification;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The real tool, and somebody who does something to the repository when the restore is about to begin.
 *
 * @param real does all the work
 * @param deed what is done
 */
record Meddler(BackupEngine real, Runnable deed) implements BackupEngine {

    @Override
    public RepositoryPlace locate(TestOrder order) {
        return real.locate(order);
    }

    @Override
    public SortedSet<Integer> otherRepositories(TestOrder order) {
        return real.otherRepositories(order);
    }

    @Override
    public Stock stock(Sandbox sandbox, TestOrder order) {
        return real.stock(sandbox, order);
    }

    @Override
    public boolean holds(Sandbox sandbox, TestOrder order) {
        return real.holds(sandbox, order);
    }

    @Override
    public Listing list(Sandbox sandbox, TestOrder order) {
        return real.list(sandbox, order);
    }

    @Override
    public SortedSet<String> remembered(Sandbox sandbox, TestOrder order) {
        return real.remembered(sandbox, order);
    }

    @Override
    public ArchiveListing archive(Sandbox sandbox, TestOrder order) {
        return real.archive(sandbox, order);
    }

    @Override
    public Optional<String> history(Sandbox sandbox, TestOrder order, String archiveId, int timeline) {
        return real.history(sandbox, order, archiveId, timeline);
    }

    @Override
    public Reason meaning(String complaint) {
        return real.meaning(complaint);
    }

    @Override
    public Verification verify(Sandbox sandbox, TestOrder order, Duration limit) {
        return real.verify(sandbox, order, limit);
    }

    @Override
    public Restoration restore(Sandbox sandbox, Plan plan) {
        deed.run();
        return real.restore(sandbox, plan);
    }
}
