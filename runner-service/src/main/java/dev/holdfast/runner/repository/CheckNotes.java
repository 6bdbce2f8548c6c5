package dev.holdfast.runner.repository;

import dev.holdfast.runner.backup.StanzaCheck;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last check of each stanza, on this host's disk. Losing a file costs one check that comes too early. */
final class CheckNotes {

    private static final Logger LOGGER = LoggerFactory.getLogger(CheckNotes.class);

    private final Path folder;

    CheckNotes(Path folder) {
        this.folder = folder;
    }

    Optional<StanzaCheck> read(String stanza) {
        Path file = folder.resolve(stanza);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            Properties noted = new Properties();
            noted.load(reader);
            return Optional.of(checkIn(noted));
        } catch (IOException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("error", String.valueOf(e)).log("{} cannot be read and counts as absent", file);
            return Optional.empty();
        }
    }

    /** A full disk must not keep anybody from what was found: it is then only forgotten. */
    void write(String stanza, StanzaCheck check) {
        Path file = folder.resolve(stanza);
        try {
            Files.createDirectories(folder);
            Path draft = folder.resolve(stanza + ".draft");
            Files.writeString(draft, textOf(check));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("error", String.valueOf(e)).log("{} cannot be written", file);
        }
    }

    private static StanzaCheck checkIn(Properties noted) {
        String exit = noted.getProperty("exit", "");
        String error = noted.getProperty("error", "");
        return new StanzaCheck(
                StanzaCheck.Outcome.valueOf(noted.getProperty("outcome", "")),
                Instant.parse(noted.getProperty("at", "")),
                exit.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(exit)),
                error.isEmpty() ? Optional.empty() : Optional.of(error),
                noted.getProperty("message", ""),
                noted.getProperty("hint", ""));
    }

    private static String textOf(StanzaCheck check) throws IOException {
        Properties noted = new Properties();
        noted.setProperty("outcome", check.outcome().name());
        noted.setProperty("at", check.at().toString());
        check.exitCode().ifPresent(exit -> noted.setProperty("exit", String.valueOf(exit)));
        check.errorName().ifPresent(error -> noted.setProperty("error", error));
        noted.setProperty("message", check.message());
        noted.setProperty("hint", check.hint());
        StringWriter text = new StringWriter();
        noted.store(text, null);
        return text.toString();
    }
}
