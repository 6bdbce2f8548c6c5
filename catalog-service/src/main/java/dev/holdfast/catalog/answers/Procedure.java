package dev.holdfast.catalog.answers;

import java.time.Instant;
import java.util.List;

/**
 * How a restore is done where the cluster runs. The catalog does not know where that is, so a plan has one for each place, with the names that Holdfast's own
 * files give to things there.
 *
 * @param environment HOST, COMPOSE or KUBERNETES
 * @param where where the commands are typed, a sentence for people
 * @param commands what to type, in order
 */
public record Procedure(Environment environment, String where, List<String> commands) {

    /** Where a cluster may run. */
    public enum Environment {
        /** On a machine, under systemd. */
        HOST,
        /** In a container of Docker Compose. */
        COMPOSE,
        /** In a pod of Kubernetes. */
        KUBERNETES
    }

    /** Copies the commands. */
    public Procedure {
        commands = List.copyOf(commands);
    }

    /**
     * All there are.
     *
     * @param stanza the stanza, whose name has no character that a shell knows
     * @param restore pgBackRest's command for it, into an empty data folder
     * @param at the instant, for what takes it as a setting
     */
    static List<Procedure> of(String stanza, String restore, Instant at) {
        // only what differs from the backup is written; what is not of the backup goes
        String inPlace = restore.replaceFirst(" restore$", " --delta restore");
        return List.of(
                new Procedure(
                        Environment.HOST,
                        "On the host of the database, in its own data folder, which is overwritten: copy it first if it may be needed still.",
                        List.of(
                                "sudo systemctl stop postgresql",
                                "sudo -u postgres " + inPlace,
                                "sudo systemctl start postgresql")),
                new Procedure(
                        Environment.COMPOSE,
                        "In the folder of your compose.yaml, where the database is the service db; its volume is overwritten (docs/guide/compose.md).",
                        List.of(
                                "docker compose stop runner db",
                                "docker compose run --rm --no-deps --entrypoint pgbackrest db "
                                        + inPlace.replaceFirst("^pgbackrest ", ""),
                                "docker compose start db runner")),
                new Procedure(
                        Environment.KUBERNETES,
                        "With the right to the namespace ai-governance; what is there is moved aside (docs/runbooks/restore-kubernetes.md). pgBackRest chooses the backup.",
                        List.of(
                                "kubectl -n ai-governance scale statefulset/%s-db --replicas=0".formatted(stanza),
                                "kubectl -n ai-governance wait --for=delete pod/%s-db-0 --timeout=10m"
                                        .formatted(stanza),
                                "kubectl -n ai-governance create job %1$s-restore-now --from=cronjob/%1$s-restore --dry-run=client -o yaml | kubectl set env --local -f - \"TARGET=%2$s\" -o yaml | kubectl create -f -"
                                        .formatted(stanza, Recoverability.asTarget(at)),
                                "kubectl -n ai-governance wait --for=condition=complete job/%s-restore-now --timeout=12h"
                                        .formatted(stanza),
                                "kubectl -n ai-governance scale statefulset/%s-db --replicas=1".formatted(stanza))));
    }
}
