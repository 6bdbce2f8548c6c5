package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.doctor.EngineExamination;
import dev.holdfast.cli.doctor.Finding;
import dev.holdfast.cli.doctor.Finding.Outcome;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.kafka.BrokerProbe;
import dev.holdfast.cli.settings.Settings;
import dev.holdfast.schemas.KafkaConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Whether what Holdfast itself needs can be reached from this host. */
final class ServiceExamination {

    private static final String READINESS = "/actuator/health/readiness";

    private final Session session;

    ServiceExamination(Session session) {
        this.session = session;
    }

    List<Finding> examine() {
        Settings settings = session.settings();
        List<Finding> findings = new ArrayList<>();
        findings.add(examined(
                "broker and registry",
                "no request, backup or proof can be written down; nothing runs without them",
                this::broker));
        findings.add(examined(
                "catalog",
                "list, show, status and plan have nobody to ask; backups go on",
                () -> ready("catalog", settings.catalog(), session.catalog())));
        findings.add(examined(
                "scheduler",
                "nothing is backed up or proven by itself; what is asked for by hand goes on",
                () -> ready("scheduler", settings.scheduler(), session.scheduler())));
        findings.add(EngineExamination.examine(session.environment()));
        return findings;
    }

    private static Finding examined(String check, String why, Supplier<Finding> examination) {
        try {
            return examination.get();
        } catch (CommandFailure failure) {
            if (failure.status() == ExitStatus.USAGE) {
                throw failure;
            }
            return new Finding(
                    Outcome.ERROR,
                    check,
                    "",
                    "",
                    String.valueOf(failure.getMessage()),
                    why,
                    "start it (the local stack: ./holdfast up), or correct its address: holdfast env shows it");
        }
    }

    private Finding broker() {
        KafkaConnection connection = KafkaConnection.from(session.settings().asEnvironment());
        BrokerProbe.Kafka kafka = BrokerProbe.ask(connection);
        String found = "%d broker(s) at %s, registry at %s"
                .formatted(kafka.brokers(), connection.bootstrapServers(), connection.registry());
        return new Finding(
                Outcome.OK,
                "broker and registry",
                "",
                "",
                kafka.missingTopics().isEmpty()
                        ? found
                        : found
                                + "; %d topics are made with the first request"
                                        .formatted(kafka.missingTopics().size()),
                "",
                "");
    }

    private static Finding ready(String check, String address, JsonHttp http) {
        JsonHttp.Answer answer = http.get(READINESS);
        String state = answer.body().cell("status");
        if (answer.isGood() && state.equals("UP")) {
            return new Finding(Outcome.OK, check, "", "", "ready at " + address, "", "");
        }
        return new Finding(
                Outcome.ERROR,
                check,
                "",
                "",
                "%s answers, but not that it is ready (%s)".formatted(address, state),
                "it may be starting, or another program has that port",
                "wait a little; then look at its log, or correct the address");
    }
}
