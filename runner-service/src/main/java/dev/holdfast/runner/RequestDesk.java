package dev.holdfast.runner;

import dev.holdfast.runner.backup.BackupOutcome.Completed;
import dev.holdfast.runner.backup.BackupRequest;
import dev.holdfast.runner.backup.Lanes;
import dev.holdfast.runner.backup.RequestHead;
import dev.holdfast.runner.backup.RequestServer;
import dev.holdfast.runner.backup.Run;
import dev.holdfast.runner.intake.Reception;
import java.util.Optional;

/** Puts each request into its stanza's lane, and answers what breaks a rule beside them: that need not wait for a backup. */
final class RequestDesk implements Reception, AutoCloseable {

    /** What follows a backup, in the stanza's lane, once its fact is in the log. */
    interface Afterwards {
        void follow(Completed completed) throws InterruptedException;
    }

    private static final String ANSWERS = "answers";

    private final Lanes stanzas = new Lanes();
    private final Lanes answers = new Lanes();
    private final RequestServer server;
    private final Afterwards afterwards;

    /**
     * @param afterwards what follows a backup, in the stanza's lane, once its fact is in the log
     */
    RequestDesk(RequestServer server, Afterwards afterwards) {
        this.server = server;
        this.afterwards = afterwards;
    }

    /** Goes on with a run of an earlier life, before anything else of its stanza. */
    void resume(Run run) {
        stanzas.submit(run.request().stanza(), () -> follow(server.resume(run)));
    }

    private void follow(Optional<Completed> completed) throws InterruptedException {
        if (completed.isPresent()) {
            afterwards.follow(completed.get());
        }
    }

    @Override
    public void accept(BackupRequest request, Ticket ticket) {
        stanzas.submit(request.stanza(), () -> {
            if (ticket.isValid()) {
                var completed = server.serve(request);
                ticket.finished();
                follow(completed);
            }
        });
    }

    @Override
    public void refuse(RequestHead head, String reason, Ticket ticket) {
        answers.submit(ANSWERS, () -> {
            server.refuse(head, reason);
            ticket.finished();
        });
    }

    @Override
    public void close() {
        stanzas.close();
        answers.close();
    }
}
