package dev.holdfast.validator;

import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks a DSSE envelope with nothing but a public key: written from the DSSE page, not from the code under test. */
public final class EvidenceVerifier {

    private EvidenceVerifier() {}

    /** The statement, if the signature is right; an AssertionError if it is not. */
    public static JsonNode verify(String envelope, Path publicKey) throws Exception {
        JsonNode json = new JsonMapper().readTree(envelope);
        String type = json.path("payloadType").asString("");
        byte[] payload = Base64.getDecoder().decode(json.path("payload").asString(""));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key(publicKey));
        signature.update(signedBytes(type, payload));
        byte[] signed = Base64.getDecoder()
                .decode(json.path("signatures").path(0).path("sig").asString(""));
        if (!signature.verify(signed)) {
            throw new AssertionError("the envelope's signature is wrong");
        }
        return new JsonMapper().readTree(payload);
    }

    /** Whether OpenSSL, which knows nothing of Holdfast, takes the signature for right. {@code folder} holds what it reads. */
    static boolean openSslAgrees(String envelope, Path publicKey, Path folder) throws IOException {
        JsonNode json = new JsonMapper().readTree(envelope);
        Path signed = folder.resolve("signed");
        Files.write(
                signed,
                signedBytes(
                        json.path("payloadType").asString(""),
                        Base64.getDecoder().decode(json.path("payload").asString(""))));
        Path signature = folder.resolve("signature");
        Files.write(
                signature,
                Base64.getDecoder()
                        .decode(json.path("signatures").path(0).path("sig").asString("")));
        return Command.run(
                                List.of(
                                        "openssl",
                                        "pkeyutl",
                                        "-verify",
                                        "-pubin",
                                        "-inkey",
                                        publicKey.toString(),
                                        "-rawin",
                                        "-in",
                                        signed.toString(),
                                        "-sigfile",
                                        signature.toString()),
                                Map.of())
                        .exitCode()
                == 0;
    }

    private static byte[] signedBytes(String type, byte[] payload) {
        byte[] head = "DSSEv1 %d %s %d "
                .formatted(type.length(), type, payload.length)
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static PublicKey key(Path file) throws Exception {
        String text = String.join(
                "",
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("---"))
                        .toList());
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
    }
}
