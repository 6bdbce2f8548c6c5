package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.StoryLine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event of a story as the page tells it.
 *
 * @param type the event's name
 * @param at when
 * @param who the program that wrote it
 * @param title what happened
 * @param detail more of it; empty where there is nothing to add
 * @param log pgBackRest's output; empty where there is none
 * @param testId the restore test it is about; null if none
 * @param tone a class of the style sheet
 */
record Telling(
        String type,
        Instant at,
        String who,
        String title,
        String detail,
        String log,
        @Nullable String testId,
        String tone) {

    static List<Telling> of(List<StoryLine> story, Words words) {
        return story.stream().map(line -> of(line, words)).toList();
    }

    private static Telling of(StoryLine line, Words words) {
        JsonNode event = line.event();
        JsonNode producer = line.producer();
        return new Telling(
                line.type(),
                line.at(),
                text(producer, "service") + " · " + text(producer, "instance"),
                title(line.type(), event, words),
                detail(line.type(), event, words),
                text(event, "logTail"),
                event.path("testId").isString() ? text(event, "testId") : null,
                words.toneOf(line.type(), text(event, "verdict")));
    }

    private static String title(String type, JsonNode event, Words words) {
        return switch (type) {
            case "BackupRequested" ->
                "%s asked for a %s backup".formatted(person(event), words.plain(text(event, "type")));
            case "RestoreTestRequested" -> "%s asked for a restore test".formatted(person(event));
            case "CancelRequested" -> "%s asked to stop it".formatted(person(event));
            case "BackupStarted" ->
                "Runner %s took it, attempt %s".formatted(text(event, "runner"), text(event, "attempt"));
            case "BackupCompleted" ->
                "Backup %s is in repository %s".formatted(text(event, "label"), text(event, "repository"));
            case "BackupFailed" -> "The backup failed: " + words.plain(text(event, "category"));
            case "BackupRejected" -> "Refused: " + words.plain(text(event, "rejection"));
            case "BackupDiscovered" -> "Found in the repository; no request had asked for it";
            case "BackupExpired" -> "Expired";
            case "BackupVanished" -> "Gone, though no expiry removed it";
            case "RestorePointCreated" -> "Restore point %s was set".formatted(text(event, "name"));
            case "RestoreTestStarted" -> "Validator %s began to restore it".formatted(text(event, "validator"));
            case "RestoreTestCompleted" -> verdict(text(event, "verdict"));
            case "RequestQueued" -> "Waits for a free place: " + text(event, "detail");
            case "RequestUnserved" -> "Nobody serves it: " + words.plain(text(event, "unserved"));
            case "SlotConcluded" ->
                "Schedule %s was due at %s".formatted(text(event, "schedule"), instant(event, "slot", words));
            default -> type;
        };
    }

    private static String verdict(String verdict) {
        return switch (verdict) {
            case "PASSED" -> "Proven: it restores";
            case "FAILED" -> "Disproven: it does not restore";
            case "EXPIRED" -> "Expired before it could be proven";
            default -> "Not known: the test could not judge it";
        };
    }

    private static String detail(String type, JsonNode event, Words words) {
        return switch (type) {
            case "BackupRequested", "RestoreTestRequested", "CancelRequested" -> text(event, "reason");
            case "BackupStarted" -> "pgBackRest " + text(event, "pgbackrestVersion");
            case "BackupCompleted" -> completed(event, words);
            case "BackupFailed" -> joined(text(event, "message"), text(event, "hint"));
            case "BackupExpired" -> text(event, "rule");
            case "RestoreTestStarted" -> "in a sandbox of kind " + text(event, "sandbox");
            case "RestoreTestCompleted" ->
                "%s (highest rung of trust: %s)".formatted(text(event, "reason"), words.plain(text(event, "rung")));
            case "SlotConcluded" -> joined(words.plain(text(event, "outcome")), text(event, "reason"));
            case "RestorePointCreated" -> "at " + text(event, "lsn");
            default -> text(event, "detail");
        };
    }

    private static String completed(JsonNode event, Words words) {
        String size = "%s of %s, %s added to the repository"
                .formatted(
                        words.bytes(event.path("deltaBytes").asLong()),
                        words.bytes(event.path("databaseBytes").asLong()),
                        words.bytes(event.path("repositoryDeltaBytes").asLong()));
        return joined(size, text(event, "status").equals("COMPLETE_WITH_ERRORS") ? "pages are damaged" : "", "; ");
    }

    private static String joined(String first, String second) {
        return joined(first, second, ". ");
    }

    private static String joined(String first, String second, String between) {
        return second.isEmpty() ? first : first + between + second;
    }

    private static String person(JsonNode event) {
        String principal = text(event.path("requestedBy"), "principal");
        return principal.isEmpty() ? "Somebody" : principal;
    }

    private static String instant(JsonNode event, String field, Words words) {
        return event.path(field).isString()
                ? words.instant(Instant.parse(event.path(field).asString()))
                : "";
    }

    private static String text(JsonNode event, String field) {
        JsonNode value = event.path(field);
        return value.isNull() || value.isMissingNode() ? "" : value.asString();
    }
}
