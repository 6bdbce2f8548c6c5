package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.Check;
import dev.holdfast.validator.proof.DatabaseEngine;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what the asking script prints. */
final class AnswersReader {

    private static final String DROPPED = "dropped ";

    private AnswersReader() {}

    static DatabaseEngine.Answers read(Sandbox.Finished finished, Duration took, String role) {
        List<String> lines = finished.out().lines().toList();
        String[] server = lines.stream()
                .filter(line -> line.startsWith("server "))
                .findFirst()
                .map(line -> line.split(" "))
                .orElseThrow(() -> unanswered(finished, role));
        String replayed = server[server.length - 1];
        return new DatabaseEngine.Answers(
                server[1],
                !server[server.length - 2].equals("f"),
                Lsn.isValid(replayed) ? Optional.of(Lsn.parse(replayed)) : Optional.empty(),
                query(lines, took));
    }

    private static Check query(List<String> lines, Duration took) {
        List<String> unanswered =
                lines.stream().filter(line -> line.startsWith("unanswered ")).toList();
        if (!unanswered.isEmpty() && unanswered.stream().allMatch(line -> line.contains(Check.LOCALE_LACKS))) {
            return Check.notRun(
                    Check.QUERY,
                    "%s a locale that a database was made with; build one that has it with deploy/images/build-sandbox and --locales, and set HOLDFAST_SANDBOX_IMAGE: %s"
                            .formatted(Check.IMAGE_LACKS, Excerpt.of(String.join("\n", unanswered))));
        }
        if (!unanswered.isEmpty()) {
            return Check.failed(Check.QUERY, took, Excerpt.of(String.join("\n", unanswered)));
        }
        List<String> answered = lines.stream()
                .filter(line -> line.startsWith("database "))
                .map(line -> line.split(" ", 5))
                .map(part -> "%s: %s tables, about %s rows, %s bytes".formatted(part[4], part[1], part[2], part[3]))
                .toList();
        return answered.isEmpty()
                ? Check.failed(Check.QUERY, took, "the cluster has no database that takes connections")
                : Check.passed(Check.QUERY, took, String.join("; ", answered) + dropped(lines));
    }

    /** PostgreSQL itself opens them no more, in production either. */
    private static String dropped(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(DROPPED))
                .map(line -> "; %s was not read: a DROP DATABASE that broke off left it, drop it anew"
                        .formatted(line.substring(DROPPED.length())))
                .collect(Collectors.joining());
    }

    private static ProofStopped unanswered(Sandbox.Finished finished, String role) {
        String error = Excerpt.of(finished.err());
        if (error.contains("role \"" + role + "\" does not exist")) {
            return new ProofStopped(
                    Reason.CONFIGURATION,
                    "the restored cluster has no role %s; set HOLDFAST_SANDBOX_ROLE to its superuser".formatted(role));
        }
        if (error.contains("permission denied to set parameter")) {
            return new ProofStopped(
                    Reason.CONFIGURATION,
                    "the role %s is no superuser of the restored cluster, so it cannot read everything; set HOLDFAST_SANDBOX_ROLE to one that is"
                            .formatted(role));
        }
        if (error.contains("role \"" + role + "\" is not permitted to log in")) {
            return new ProofStopped(
                    Reason.CONFIGURATION,
                    "the role %s of the restored cluster may not log in; set HOLDFAST_SANDBOX_ROLE to a superuser that may"
                            .formatted(role));
        }
        // damage ends a server's backends, which its postmaster survives
        return error.contains("unexpected postmaster exit")
                ? new ProofStopped(Reason.SANDBOX, "something killed the restored server while it was asked: " + error)
                : new ProofStopped(
                        Reason.CONTENT_DAMAGED, "the restored server takes connections but answers no query: " + error);
    }
}
