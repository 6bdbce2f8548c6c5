package dev.holdfast.runner.pgbackrest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.runner.backup.BackupKind;
import dev.holdfast.runner.backup.BackupSet;
import dev.holdfast.runner.repository.StanzaInfo;
import dev.holdfast.runner.repository.StanzaInfo.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code pgbackrest info --output=json}. Unknown keys are passed over, known ones may be missing.
 *
 * <p>With a wrong passphrase pgBackRest puts bytes into a status message that are no UTF-8 (2.45 and 2.59.1), so the text
 * is decoded with replacement before it is parsed.
 */
final class InfoReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private InfoReader() {}

    /**
     * The stanza's part of the output; empty if pgBackRest does not list it.
     *
     * @throws ToolTrouble if the output is no such JSON
     */
    static Optional<StanzaInfo> read(byte[] output, String stanza) {
        for (JsonNode node : parsed(output)) {
            if (node.path("name").asText().equals(stanza)) {
                return Optional.of(stanza(node));
            }
        }
        return Optional.empty();
    }

    private static JsonNode parsed(byte[] output) {
        String text = new String(output, StandardCharsets.UTF_8);
        try {
            JsonNode root = JSON.readTree(text);
            if (root == null || !root.isArray()) {
                throw new ToolTrouble("pgbackrest info answered no JSON array but '%s'".formatted(shortened(text)));
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new ToolTrouble("pgbackrest info answered no JSON but '%s'".formatted(shortened(text)), e);
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), 200)).strip();
    }

    private static StanzaInfo stanza(JsonNode node) {
        Map<Integer, String> ciphers = new HashMap<>();
        List<StanzaInfo.Repository> repositories = new ArrayList<>();
        for (JsonNode repository : node.path("repo")) {
            int key = repository.path("key").asInt();
            String cipher = repository.path("cipher").asText("none");
            ciphers.put(key, cipher);
            repositories.add(new StanzaInfo.Repository(key, cipher, status(repository.path("status"))));
        }
        List<StanzaInfo.Database> databases = databases(node.path("db"));
        List<BackupSet> backups = new ArrayList<>();
        for (JsonNode backup : node.path("backup")) {
            backups.add(backup(backup, databases, ciphers));
        }
        return new StanzaInfo(
                node.path("name").asText(),
                status(node.path("status")),
                node.at("/status/lock/backup/held").asBoolean(false),
                repositories,
                databases,
                archives(node.path("archive")),
                backups);
    }

    private static Status status(JsonNode node) {
        return new Status(
                node.path("code").asInt(Status.OTHER), node.path("message").asText("pgBackRest gave no status"));
    }

    private static List<StanzaInfo.Database> databases(JsonNode nodes) {
        List<StanzaInfo.Database> databases = new ArrayList<>();
        for (JsonNode node : nodes) {
            // asText of an integer is exact, whatever its size
            databases.add(new StanzaInfo.Database(
                    node.path("id").asInt(),
                    node.path("repo-key").asInt(1),
                    node.path("system-id").asText(),
                    node.path("version").asText()));
        }
        return databases;
    }

    private static List<StanzaInfo.Archive> archives(JsonNode nodes) {
        List<StanzaInfo.Archive> archives = new ArrayList<>();
        for (JsonNode node : nodes) {
            archives.add(new StanzaInfo.Archive(
                    node.path("id").asText(),
                    node.at("/database/id").asInt(),
                    node.at("/database/repo-key").asInt(1),
                    textOrNull(node.path("min")),
                    textOrNull(node.path("max"))));
        }
        return archives;
    }

    private static BackupSet backup(JsonNode node, List<StanzaInfo.Database> databases, Map<Integer, String> ciphers) {
        int repository = node.at("/database/repo-key").asInt(1);
        StanzaInfo.Database database = databaseOf(node.at("/database/id").asInt(), repository, databases);
        return new BackupSet(
                node.path("label").asText(),
                BackupKind.of(node.path("type").asText()),
                textOrNull(node.path("prior")),
                texts(node.path("reference")),
                Instant.ofEpochSecond(node.at("/timestamp/start").asLong()),
                Instant.ofEpochSecond(node.at("/timestamp/stop").asLong()),
                new BackupSet.Wal(
                        textOrNull(node.at("/archive/start")),
                        textOrNull(node.at("/archive/stop")),
                        textOrNull(node.at("/lsn/start")),
                        textOrNull(node.at("/lsn/stop"))),
                sizes(node.path("info")),
                repository,
                database.version(),
                database.systemId(),
                ciphers.getOrDefault(repository, "none"),
                node.hasNonNull("error") ? node.path("error").asBoolean() : null,
                texts(node.path("error-list")),
                annotations(node.path("annotation")),
                node.at("/backrest/version").asText());
    }

    private static BackupSet.Sizes sizes(JsonNode node) {
        JsonNode repository = node.path("repository");
        return new BackupSet.Sizes(
                node.path("size").asLong(),
                node.path("delta").asLong(),
                repository.hasNonNull("size") ? repository.path("size").asLong() : null,
                repository.path("delta").asLong());
    }

    private static StanzaInfo.Database databaseOf(int id, int repository, List<StanzaInfo.Database> databases) {
        return databases.stream()
                .filter(database -> database.id() == id && database.repositoryKey() == repository)
                .findFirst()
                .orElse(new StanzaInfo.Database(id, repository, "", ""));
    }

    private static Map<String, String> annotations(JsonNode node) {
        Map<String, String> annotations = new HashMap<>();
        node.properties()
                .forEach(entry ->
                        annotations.put(entry.getKey(), entry.getValue().asText()));
        return annotations;
    }

    private static List<String> texts(JsonNode nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
