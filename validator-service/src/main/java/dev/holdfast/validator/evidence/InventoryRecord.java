package dev.holdfast.validator.evidence;

import dev.holdfast.validator.proof.Inventory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A cluster's inventory as it stands in evidence, where the next test finds it to compare with. */
public final class InventoryRecord {

    static final String FIELD = "content";

    private static final int MOST_TABLES = 100;
    private static final int MOST_SCHEMAS = 500;
    // becomes 128 KiB by being written as text twice
    private static final int LARGEST_CATALOG = 72 << 10;
    private static final int LARGEST_TEXT = 16 << 20;
    private static final JsonMapper MAPPER = new JsonMapper();

    private InventoryRecord() {}

    /**
     * As it is written. Of a catalog that is too large for evidence stay its fingerprint and that of each schema, so that the next test can tell where
     * something has changed; of one with too many schemas, its fingerprint alone.
     */
    static Map<String, Object> of(Inventory inventory) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("fingerprint", inventory.fingerprint());
        record.put("objects", inventory.objects().size());
        record.put("rows", inventory.rows());
        record.put(
                "tables",
                inventory.tables().stream()
                        .sorted(Comparator.comparingLong(Inventory.Table::rows).reversed())
                        .limit(MOST_TABLES)
                        .map(table -> Map.of(
                                "name", table.name(),
                                "rows", table.rows(),
                                "newest", table.newest().map(Instant::toString).orElse("")))
                        .toList());
        record.put("incomplete", inventory.incomplete().orElse(""));
        byte[] catalog = zipped(inventory.objects());
        if (catalog.length <= LARGEST_CATALOG) {
            record.put("catalogGzip", Base64.getEncoder().encodeToString(catalog));
        } else if (inventory.schemas().size() <= MOST_SCHEMAS) {
            record.put("schemas", inventory.schemas());
        }
        return record;
    }

    /** What stands in an envelope, with objects or with schemas alone; empty if there is neither in it, or none that can be read. */
    public static Optional<Inventory> inEvidence(String envelope) {
        try {
            byte[] payload = Base64.getDecoder()
                    .decode(MAPPER.readTree(envelope).path("payload").asString(""));
            JsonNode record = MAPPER.readTree(payload).path("predicate").path(FIELD);
            byte[] catalog =
                    Base64.getDecoder().decode(record.path("catalogGzip").asString(""));
            SortedMap<String, String> objects = catalog.length == 0 ? new TreeMap<>() : objects(catalog);
            SortedMap<String, String> schemas = texts(record.path("schemas"));
            return objects.isEmpty() && schemas.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Inventory(objects, schemas, tables(record.path("tables")), Optional.empty()));
        } catch (IOException | JacksonException | IllegalArgumentException | DateTimeParseException e) {
            // of a version that wrote none, or of nobody's: there is nothing to compare with
            return Optional.empty();
        }
    }

    private static byte[] zipped(SortedMap<String, String> objects) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(MAPPER.writeValueAsBytes(objects));
        } catch (IOException e) {
            throw new UncheckedIOException("a catalog could not be compressed in memory", e);
        }
        return bytes.toByteArray();
    }

    private static SortedMap<String, String> objects(byte[] catalog) throws IOException {
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(catalog))) {
            return texts(MAPPER.readTree(new String(zip.readNBytes(LARGEST_TEXT), StandardCharsets.UTF_8)));
        }
    }

    private static SortedMap<String, String> texts(JsonNode record) {
        SortedMap<String, String> texts = new TreeMap<>();
        record.properties()
                .forEach(text -> texts.put(text.getKey(), text.getValue().asString("")));
        return texts;
    }

    private static List<Inventory.Table> tables(JsonNode record) {
        List<Inventory.Table> tables = new ArrayList<>();
        record.forEach(table -> tables.add(new Inventory.Table(
                table.path("name").asString(""),
                table.path("rows").asLong(0),
                Optional.of(table.path("newest").asString(""))
                        .filter(text -> !text.isEmpty())
                        .map(Instant::parse))));
        return tables;
    }
}
