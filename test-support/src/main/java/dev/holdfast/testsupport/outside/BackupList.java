package dev.holdfast.testsupport.outside;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.PgBackRestRepository;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What {@code pgbackrest info} lists, asked directly: the truth that no event can change. */
public record BackupList(JsonNode stanza) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public static BackupList of(PgBackRestRepository repository) {
        try {
            return new BackupList(JSON.readTree(repository.info()).path(0));
        } catch (JsonProcessingException e) {
            throw new AssertionError("pgbackrest info wrote no JSON", e);
        }
    }

    /** Labels of the backups that bear the request's annotation. */
    public List<String> madeFor(UUID requestId) {
        return StreamSupport.stream(stanza.path("backup").spliterator(), false)
                .filter(backup -> backup.path("annotation")
                        .path("holdfast-request")
                        .asText()
                        .equals(requestId.toString()))
                .map(backup -> backup.path("label").asText())
                .toList();
    }
}
