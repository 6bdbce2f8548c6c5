package dev.holdfast.schemas;

import dev.holdfast.schemas.serde.WireSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The folder {@code released}: for every version the schemas as they were ({@code BackupCompleted.avsc}), and of each a
 * record of that time in binary and as JSON ({@code golden/BackupCompleted.bin}, {@code .json}).
 */
final class Releases {

    /** Where they lie; tests run in the module's folder. */
    static final Path FOLDER = Path.of("released");

    /** One JSON sample of each event, in Avro's JSON encoding. */
    static final Path SAMPLES = Path.of("samples");

    private static final SchemaFormatter PRETTY = SchemaFormatter.getInstance("json/pretty");

    private Releases() {}

    /** All versions, the oldest first. */
    static List<String> versions() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(1))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the released versions", e);
        }
    }

    /** Folder of the newest version. */
    static Path newest() {
        return FOLDER.resolve(versions().getLast());
    }

    static Path schemaFile(Path version, EventType type) {
        return version.resolve(type.shortName() + ".avsc");
    }

    static Path goldenFile(Path version, EventType type, String ending) {
        return version.resolve("golden").resolve(type.shortName() + ending);
    }

    /** The schema of a release. */
    static Schema schema(Path version, EventType type) {
        return new Schema.Parser().parse(text(schemaFile(version, type)));
    }

    /** Writes the current schemas, and the samples as golden records, as a release. */
    static void write(Path version) throws IOException {
        Files.createDirectories(version.resolve("golden"));
        for (EventType type : EventType.values()) {
            Schema schema = WireSchema.of(type.schema());
            Files.writeString(schemaFile(version, type), PRETTY.format(schema) + "\n");
            String sample = text(SAMPLES.resolve(type.shortName() + ".json"));
            Files.writeString(goldenFile(version, type, ".json"), sample);
            Files.write(goldenFile(version, type, ".bin"), binary(fromJson(schema, sample)));
        }
    }

    /** A record in Avro's JSON encoding, which is what kafka-avro-console-producer and avro-tools take. */
    static GenericRecord fromJson(Schema schema, String json) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().jsonDecoder(schema, json));
    }

    static String toJson(GenericRecord record) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().jsonEncoder(record.getSchema(), text);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return text.toString(StandardCharsets.UTF_8);
    }

    /** The bare Avro binary, without the registry's prefix. */
    static byte[] binary(GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
