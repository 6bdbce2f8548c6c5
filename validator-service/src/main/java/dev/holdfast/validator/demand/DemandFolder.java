package dev.holdfast.validator.demand;

import dev.holdfast.validator.proof.DemandBook;
import dev.holdfast.validator.proof.Demands;
import dev.holdfast.validator.proof.ProofStopped;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder with a file {@code <stanza>.yaml} for each stanza of which something is demanded. */
public final class DemandFolder implements DemandBook {

    private static final int LARGEST = 1 << 20;

    private final Path folder;

    /** That folder; it need not exist. */
    public DemandFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public Demands of(String stanza) {
        Path file = folder.resolve(stanza + ".yaml");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw bad(file + " is larger than 1 MiB");
            }
            return new DemandReader("%s, sha256 %s".formatted(file, Sha256.hex(bytes))).read(text(bytes));
        } catch (NoSuchFileException e) {
            return Demands.none();
        } catch (CharacterCodingException e) {
            throw bad(file + " is not UTF-8");
        } catch (IOException e) {
            throw bad("%s cannot be read: %s".formatted(file, e));
        } catch (BadDemandException e) {
            throw bad("%s, %s. Nothing was tested; mend the file.".formatted(file, e.getMessage()));
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static ProofStopped bad(String message) {
        return new ProofStopped(Reason.CONFIGURATION, message);
    }
}
