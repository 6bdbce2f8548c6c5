package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Terminal.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evidence verify} over envelopes that are made and signed here by DSSE's own words. */
class EvidenceTest {

    private static final String TYPE = "application/vnd.in-toto+json";
    private static final String STATEMENT =
            "{\"subject\": [{\"name\": \"pgbackrest/mcpgov/20261122-020003F\"}], \"predicate\": {\"verdict\": \"PASSED\"}}";

    @TempDir
    private Path folder = Path.of(".");

    private KeyPair keys = keys();
    private Path key = Path.of(".");

    @BeforeEach
    void publishTheKey() throws IOException {
        keys = keys();
        key = Files.writeString(folder.resolve("evidence.pub"), pem(keys.getPublic()));
    }

    @Test
    void evidenceThatTheKeyHasSignedIsShown() throws Exception {
        Path file = envelope(STATEMENT, sign(STATEMENT));

        Ended ended = verify(file);

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .startsWith("the signature is good\n")
                .contains("subject     pgbackrest/mcpgov/20261122-020003F\n", "verdict     PASSED\n");
    }

    @Test
    void evidenceThatWasChangedIsRefused() throws Exception {
        Path file = envelope(STATEMENT.replace("PASSED", "FAILED"), sign(STATEMENT));

        Ended ended = verify(file);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("is NOT signed by the key");
    }

    @Test
    void evidenceOfAnotherSignerIsRefused() throws Exception {
        Path file = envelope(STATEMENT, sign(STATEMENT));
        Files.writeString(key, pem(keys().getPublic()));

        Ended ended = verify(file);

        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void evidenceWithoutAnySignatureIsRefused() throws Exception {
        Path file = Files.writeString(
                folder.resolve("unsigned.json"),
                "{\"payloadType\": \"%s\", \"payload\": \"%s\", \"signatures\": []}"
                        .formatted(TYPE, base64(STATEMENT)));

        Ended ended = verify(file);

        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void whatIsNoEnvelopeIsSaidToBeNone() throws Exception {
        Path file = Files.writeString(folder.resolve("other.json"), "{\"hello\": 1}");

        Ended ended = verify(file);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("other.json is not signed evidence: it has no payloadType");
    }

    @Test
    void whatIsNoKeyIsAUsageError() throws Exception {
        Files.writeString(key, "hello");

        Ended ended = verify(envelope(STATEMENT, sign(STATEMENT)));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("evidence.pub is not an Ed25519 public key in PEM");
    }

    private Ended verify(Path file) {
        return new Terminal(folder).type("evidence", "verify", file.toString(), "--key", key.toString());
    }

    private Path envelope(String statement, byte[] signature) throws IOException {
        return Files.writeString(
                folder.resolve("evidence.json"),
                "{\"payloadType\": \"%s\", \"payload\": \"%s\", \"signatures\": [{\"keyid\": \"k\", \"sig\": \"%s\"}]}"
                        .formatted(TYPE, base64(statement), Base64.getEncoder().encodeToString(signature)));
    }

    private byte[] sign(String statement) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update("DSSEv1 %d %s %d %s"
                .formatted(TYPE.length(), TYPE, statement.length(), statement)
                .getBytes(StandardCharsets.UTF_8));
        return signature.sign();
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
