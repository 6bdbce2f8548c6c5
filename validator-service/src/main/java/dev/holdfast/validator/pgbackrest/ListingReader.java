package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.ArchiveListing;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code pgbackrest repo-ls --output=json --recurse}. */
final class ListingReader {

    private final JsonMapper mapper = new JsonMapper();

    /**
     * The files of a listing.
     *
     * @throws ProofStopped if it is no JSON
     */
    ArchiveListing read(String json) {
        try {
            SortedMap<String, ArchiveListing.Stamp> files = new TreeMap<>();
            for (var entry : mapper.readTree(json).properties()) {
                JsonNode file = entry.getValue();
                if (file.path("type").asString("").equals("file")) {
                    files.put(
                            entry.getKey(),
                            new ArchiveListing.Stamp(
                                    file.path("size").asLong(),
                                    file.path("time").asLong()));
                }
            }
            return new ArchiveListing(files);
        } catch (JacksonException e) {
            throw new ProofStopped(
                    Reason.SANDBOX, "'pgbackrest repo-ls' did not answer with JSON: " + e.getOriginalMessage(), e);
        }
    }
}
