package dev.holdfast.runner.publish;

import dev.holdfast.runner.backup.Source;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts on this host's disk, from before they are sent until they are in the log: a backup may end while the broker is
 * away, and the runner may be stopped before it is back.
 *
 * <p>One file each, named by the event's id (version 7, so by time). Avro's single-object encoding: no registry is needed
 * to write or to read it.
 */
final class Spool {

    private static final Logger LOGGER = LoggerFactory.getLogger(Spool.class);
    private static final String SUFFIX = ".fact";

    private final Path folder;

    /**
     * @param folder where the files lie; it is made if it is missing
     */
    Spool(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make the folder %s: set HOLDFAST_RUNNER_STATE to one that the runner may write"
                            .formatted(folder),
                    e);
        }
    }

    /** A fact that waits. */
    record Waiting(UUID eventId, SpecificRecord event, Causation causation, Optional<Source> source) {}

    /** Keeps the fact. It is on the disk when this returns. */
    void keep(Waiting fact) {
        Path draft = folder.resolve(fact.eventId() + ".draft");
        try {
            Files.write(
                    draft,
                    bytesOf(fact),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(draft, file(fact.eventId()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a fact in %s: check free space".formatted(folder), e);
        }
    }

    /** The fact is in the log. */
    void done(UUID eventId) {
        try {
            Files.deleteIfExists(file(eventId));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file(eventId), e);
        }
    }

    /** What waits, oldest first. */
    List<Waiting> waiting() {
        List<Waiting> facts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                read(file).ifPresent(facts::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the waiting facts in " + folder, e);
        }
        return facts;
    }

    private Path file(UUID eventId) {
        return folder.resolve(eventId + SUFFIX);
    }

    private static byte[] bytesOf(Waiting fact) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeUTF(fact.event().getSchema().getFullName());
            data.writeUTF(fact.source().map(Source::text).orElse(""));
            data.writeUTF(fact.causation().eventId().map(UUID::toString).orElse(""));
            data.writeUTF(fact.causation().traceparent().orElse(""));
            SpecificData model = SpecificData.getForClass(fact.event().getClass());
            new BinaryMessageEncoder<SpecificRecord>(model, fact.event().getSchema()).encode(fact.event(), data);
        }
        return bytes.toByteArray();
    }

    private static Optional<Waiting> read(Path file) throws IOException {
        String name = file.getFileName().toString();
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            String recordName = data.readUTF();
            Optional<Source> source = Source.parse(data.readUTF());
            String cause = data.readUTF();
            String trace = data.readUTF();
            EventType type = Arrays.stream(EventType.values())
                    .filter(candidate -> candidate.recordName().equals(recordName))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no event is called " + recordName));
            SpecificData model = SpecificData.getForClass(type.recordClass());
            SpecificRecord event = new BinaryMessageDecoder<SpecificRecord>(model, type.schema()).decode(data);
            Causation causation = new Causation(
                    cause.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(cause)),
                    trace.isEmpty() ? Optional.empty() : Optional.of(trace));
            UUID id = UUID.fromString(name.substring(0, name.length() - SUFFIX.length()));
            return Optional.of(new Waiting(id, event, causation, source));
        } catch (IOException | RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("error", String.valueOf(e))
                    .log("the waiting fact {} cannot be read; it is left where it is, look at it", name);
            return Optional.empty();
        }
    }
}
