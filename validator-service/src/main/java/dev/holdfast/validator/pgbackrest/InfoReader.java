package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.Backup;
import dev.holdfast.validator.proof.Lsn;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.WalSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code pgbackrest info --output=json}, whose exit status is 0 whatever it finds: the status codes inside count.
 *
 * @see <a href="https://pgbackrest.org/command.html#command-info">info</a>
 */
final class InfoReader {

    private static final int OK = 0;
    private static final int MISSING_STANZA_PATH = 1;
    private static final int NO_VALID_BACKUPS = 2;
    private static final int MISSING_STANZA_DATA = 3;

    // how every encrypted file begins, as OpenSSL writes it
    private static final String ENCRYPTED = "Salted__";

    private static final Set<String> DAMAGE =
            Set.of("[ChecksumError]", "[CryptoError]", "[FileInvalidError]", "[FormatError]", "[JsonFormatError]");

    // with a wrong cipher pass it quotes what it could not decrypt as it is (measured with 2.45)
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    /**
     * The backups of one repository of a stanza, in the order in which they ended.
     *
     * @param archiveOpens whether archive.info is there and can be read; asked where backup.info cannot
     * @throws ProofStopped if the repository cannot be used
     */
    List<Backup> read(String json, String stanza, int repository, BooleanSupplier archiveOpens) {
        JsonNode entry = entry(json, stanza);
        judge(entry, stanza, repository, archiveOpens);
        Map<Integer, JsonNode> databases = new HashMap<>();
        for (JsonNode database : entry.path("db")) {
            if (database.path("repo-key").asInt(1) == repository) {
                databases.put(database.path("id").asInt(), database);
            }
        }
        List<Backup> backups = new ArrayList<>();
        for (JsonNode backup : entry.path("backup")) {
            if (backup.path("database").path("repo-key").asInt(1) == repository) {
                backups.add(backup(
                        backup, databases.get(backup.path("database").path("id").asInt()), repository));
            }
        }
        backups.sort(Comparator.comparing(Backup::stoppedAt).thenComparing(Backup::label));
        return backups;
    }

    private JsonNode entry(String json, String stanza) {
        JsonNode root;
        try {
            root = mapper.readTree(json);
        } catch (JacksonException e) {
            throw new ProofStopped(
                    Reason.SANDBOX, "'pgbackrest info' did not answer with JSON: " + e.getOriginalMessage(), e);
        }
        for (JsonNode entry : root) {
            if (entry.path("name").asString("").equals(stanza)) {
                return entry;
            }
        }
        throw new ProofStopped(Reason.CONFIGURATION, noStanza(stanza));
    }

    private static void judge(JsonNode entry, String stanza, int repository, BooleanSupplier archiveOpens) {
        JsonNode found = null;
        for (JsonNode repo : entry.path("repo")) {
            if (repo.path("key").asInt() == repository) {
                found = repo;
            }
        }
        if (found == null) {
            throw new ProofStopped(
                    Reason.CONFIGURATION,
                    "stanza %s has no repository %d in pgBackRest's configuration".formatted(stanza, repository));
        }
        int code = found.path("status").path("code").asInt(-1);
        String message = found.path("status").path("message").asString("");
        switch (code) {
            case OK, NO_VALID_BACKUPS -> {}
            case MISSING_STANZA_PATH -> throw withoutBackups(stanza, repository, archiveOpens);
            case MISSING_STANZA_DATA ->
                throw new ProofStopped(
                        Reason.REPOSITORY_DAMAGED,
                        "repository %d of stanza %s has lost backup.info and its copy: no backup of it can be restored until they are back"
                                .formatted(repository, stanza));
            default ->
                throw unusable(
                        stanza,
                        repository,
                        message,
                        !found.path("cipher").asString("none").equals("none"),
                        archiveOpens);
        }
    }

    /** An encrypted record that does not decrypt looks like a damaged one: there the key is suspected first, unless it opens something else. */
    private static ProofStopped unusable(
            String stanza, int repository, String message, boolean encrypted, BooleanSupplier archiveOpens) {
        Optional<Reason> remote = RemoteComplaint.in(message);
        if (remote.isPresent()) {
            return new ProofStopped(
                    remote.get(),
                    "repository %d of stanza %s cannot be read: %s".formatted(repository, stanza, firstLines(message)));
        }
        if (ToolError.isOfOtherFormat(message)) {
            return new ProofStopped(
                    Reason.IMAGE,
                    "repository %d of stanza %s was written by a pgBackRest of another format than the sandbox image's; build one with production's pgBackRest and set HOLDFAST_SANDBOX_IMAGE: %s"
                            .formatted(repository, stanza, firstLines(message)));
        }
        if (isOfArchiveAlone(message)) {
            return new ProofStopped(
                    Reason.REPOSITORY_DAMAGED,
                    "repository %d of stanza %s has lost or damaged archive.info and its copy: no WAL of it can be fetched until they are back: %s"
                            .formatted(repository, stanza, firstLines(message)));
        }
        boolean damaged = DAMAGE.stream().anyMatch(message::startsWith);
        if (encrypted && damaged && archiveOpens.getAsBoolean()) {
            return new ProofStopped(
                    Reason.REPOSITORY_DAMAGED,
                    "repository %d of stanza %s has damaged backup.info and its copy (the cipher pass is right, archive.info can be read with it): no backup can be restored until they are back: %s"
                            .formatted(repository, stanza, firstLines(message)));
        }
        boolean undecrypted = !encrypted && message.contains(ENCRYPTED);
        Reason reason = damaged && !encrypted && !undecrypted ? Reason.REPOSITORY_DAMAGED : Reason.CONFIGURATION;
        String hint = encrypted && damaged
                ? " (is repo%d-cipher-pass the right one? Compare it with the cipher pass that the stanza was created with)"
                        .formatted(repository)
                : "";
        return new ProofStopped(
                reason,
                "repository %d of stanza %s cannot be read%s: %s"
                        .formatted(
                                repository,
                                stanza,
                                undecrypted ? " (it is encrypted and the configuration names no cipher)" : hint,
                                firstLines(message)));
    }

    /** info reads backup.info first, so that one was there, and the key was right, where it stumbles over archive.info. */
    private static boolean isOfArchiveAlone(String message) {
        return message.contains("/archive.info'")
                && (message.startsWith("[FileMissingError]") || DAMAGE.stream().anyMatch(message::startsWith));
    }

    /** A stanza has both folders, or was never made here. */
    private static ProofStopped withoutBackups(String stanza, int repository, BooleanSupplier archiveOpens) {
        return archiveOpens.getAsBoolean()
                ? new ProofStopped(
                        Reason.REPOSITORY_DAMAGED,
                        "repository %d has lost the folder of all backups of stanza %s, backup/%s, while its archive lies there: no backup can be restored until it is back"
                                .formatted(repository, stanza, stanza))
                : new ProofStopped(Reason.CONFIGURATION, noStanza(stanza));
    }

    private static String firstLines(String message) {
        return String.join("; ", message.lines().limit(2).toList()).replaceAll("\\p{Cntrl}", "?");
    }

    private static String noStanza(String stanza) {
        return "the repository has no stanza %s: run 'pgbackrest --stanza=%s stanza-create', or correct the repository's path"
                .formatted(stanza, stanza);
    }

    private static Backup backup(JsonNode node, @org.jspecify.annotations.Nullable JsonNode database, int repository) {
        String version = database == null ? "" : database.path("version").asString("");
        JsonNode timestamp = node.path("timestamp");
        return new Backup(
                node.path("label").asString(""),
                node.path("type").asString(""),
                texts(node.path("reference")),
                version + "-" + node.path("database").path("id").asInt(),
                repository,
                text(node.path("archive").path("start")).map(WalSegment::parse),
                text(node.path("archive").path("stop")).map(WalSegment::parse),
                text(node.path("lsn").path("stop")).map(Lsn::parse),
                Instant.ofEpochSecond(timestamp.path("start").asLong(0)),
                Instant.ofEpochSecond(timestamp.path("stop").asLong(0)),
                node.path("info").path("size").asLong(0),
                node.path("error").asBoolean(false),
                version,
                database == null ? "" : database.path("system-id").asString(""));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asString("")));
        return texts;
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }
}
