package dev.holdfast.validator.proof;

import java.time.Duration;
import java.util.Optional;

/** Lets PostgreSQL recover on what was restored, and judges where recovery ended. */
final class Recovery {

    /**
     * A server that takes queries.
     *
     * @param answers what it told
     * @param missed the conclusion where recovery did not end at its target; the checks of the content still say something
     */
    record Recovered(DatabaseEngine.Answers answers, Optional<Conclusion> missed) {}

    private final ProofRun.World world;
    private final TestOrder order;
    private final Sandbox sandbox;
    private final ProofNotes notes;
    private final ProofProgress progress;

    Recovery(ProofRun.World world, TestOrder order, Sandbox sandbox, ProofNotes notes, ProofProgress progress) {
        this.world = world;
        this.order = order;
        this.sandbox = sandbox;
        this.notes = notes;
        this.progress = progress;
    }

    /**
     * Recovers to the plan's target.
     *
     * @throws ProofStopped if the server does not live to take queries
     */
    Recovered along(BackupEngine.Plan plan, WalWalk walk, DatabaseEngine.Control control) {
        progress.enter("replay");
        long start = System.nanoTime();
        DatabaseEngine.Server server = database().start(sandbox, control, plan);
        boolean ready = server.awaitReady(world.limits().whole());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        notes.log(server.log().lines());
        Judgement.Facts facts = new Judgement.Facts(
                plan,
                walk,
                server.log(),
                control.segmentBytes(),
                server.log().archiveError().map(world.tools().backups()::meaning));
        if (!ready) {
            throw dead(facts, took);
        }
        notes.replayed(took);
        notes.climb(Rung.STARTED);
        progress.enter(Check.QUERY);
        DatabaseEngine.Answers answers = answers();
        note(facts, answers);
        Optional<Conclusion> missed = judge(facts, answers, took);
        notes.check(answers.query());
        return new Recovered(answers, missed);
    }

    private DatabaseEngine.Answers answers() {
        try {
            return database().ask(sandbox);
        } catch (ProofStopped silent) {
            throw Shortage.in(sandbox, database())
                    .map(lack -> new ProofStopped(
                            lack.during(Check.QUERY, silent.conclusion().message())))
                    .orElse(silent);
        }
    }

    private ProofStopped dead(Judgement.Facts facts, Duration took) {
        Conclusion judged = Judgement.ofDeadServer(facts);
        Conclusion conclusion = Shortage.in(sandbox, database())
                .map(lack -> lack.during("recovery", facts.log().fatal().orElse("PostgreSQL ended")))
                .orElse(judged);
        notes.reached(
                Reached.of(facts.log(), Optional.empty(), facts.plan().way().last()));
        notes.check(Check.failed(Check.RECOVERY_TARGET, took, conclusion.message()));
        return new ProofStopped(conclusion);
    }

    private void note(Judgement.Facts facts, DatabaseEngine.Answers answers) {
        notes.postgresql(answers.version());
        notes.reached(
                Reached.of(facts.log(), answers.replayed(), facts.plan().way().last()));
        notes.loss(DataLoss.measured(
                world.before().markers(order.stanza()),
                facts.plan(),
                answers.replayed(),
                facts.log().lastCommit(),
                notes.startedAt()));
    }

    private Optional<Conclusion> judge(Judgement.Facts facts, DatabaseEngine.Answers answers, Duration took) {
        Judgement judgement = answers.inRecovery()
                ? new Judgement.Missed(new Conclusion(
                        Reason.TARGET_NOT_REACHED, "PostgreSQL takes connections but is still in recovery"))
                : sameAsAnnounced(facts, answers, Judgement.ofLivingServer(facts, answers.replayed()));
        return switch (judgement) {
            case Judgement.Reached(String detail) -> {
                notes.check(Check.passed(Check.RECOVERY_TARGET, took, detail));
                notes.climb(Rung.TARGET_REACHED);
                yield Optional.empty();
            }
            case Judgement.Missed(Conclusion conclusion) -> {
                notes.check(Check.failed(Check.RECOVERY_TARGET, took, conclusion.message()));
                yield Optional.of(conclusion);
            }
        };
    }

    /** PostgreSQL stops at the first restore point of a name behind the backup. Production may have meant a later one. */
    private Judgement sameAsAnnounced(Judgement.Facts facts, DatabaseEngine.Answers answers, Judgement judgement) {
        if (!(judgement instanceof Judgement.Reached)
                || !(facts.plan().target() instanceof Target.Name(String name))
                || answers.replayed().isEmpty()) {
            return judgement;
        }
        return world.before()
                .restorePoint(order.stanza(), name)
                .filter(announced -> !announced.equals(answers.replayed().get()))
                .<Judgement>map(announced -> new Judgement.Missed(new Conclusion(
                        Reason.TARGET_UNREACHABLE,
                        "several restore points are named '%s': recovery from %s stopped at the first, at %s, and production announced the one at %s. Ask for that position by --lsn, or for a backup that was made between them"
                                .formatted(
                                        name,
                                        facts.plan().backup().label(),
                                        answers.replayed().get(),
                                        announced))))
                .orElse(judgement);
    }

    private DatabaseEngine database() {
        return world.tools().database();
    }
}
