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
        stanzas.submit(
                run.request().stanza(),
                () -> follow(server.resume(run)),
                trouble -> server.giveUp(run.request(), trouble));
    }

    private void follow(Optional<Completed> completed) throws InterruptedException {
        if (completed.isPresent()) {
            afterwards.follow(completed.get());
        }
    }

    @Override
    public void accept(BackupRequest request, Ticket ticket) {
        stanzas.submit(request.stanza(), () -> serve(request, ticket), trouble -> {
            server.giveUp(request, trouble);
            ticket.finished();
        });
    }

    private void serve(BackupRequest request, Ticket ticket) throws InterruptedException {
        if (ticket.isValid()) {
            Optional<Completed> completed = server.serve(request);
            ticket.finished();
            follow(completed);
        }
    }

    @Override
    public void refuse(RequestHead head, String reason, Ticket ticket) {
        Lanes.Work answer = () -> {
            server.refuse(head, reason);
            ticket.finished();
        };
        answers.submit(ANSWERS, answer, trouble -> {
            throw trouble;
        });
    }

    @Override
    public void close() {
        stanzas.close();
        answers.close();
    }
}
