package dev.holdfast.cli.evidence;

import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A DSSE envelope.
 *
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md">DSSE envelope</a>
 */
public final class Envelope {

    private final String payloadType;
    private final byte[] payload;
    private final List<byte[]> signatures;

    private Envelope(String payloadType, byte[] payload, List<byte[]> signatures) {
        this.payloadType = payloadType;
        this.payload = payload;
        this.signatures = signatures;
    }

    /**
     * Reads an envelope.
     *
     * @throws IOException if the text is none; the message says why
     */
    public static Envelope read(String text) throws IOException {
        Doc envelope = Doc.of(Json.read(text));
        String type = envelope.text("payloadType").orElseThrow(() -> new IOException("it has no payloadType"));
        String payload = envelope.text("payload").orElseThrow(() -> new IOException("it has no payload"));
        List<byte[]> signatures = new ArrayList<>();
        for (Doc signature : envelope.docs("signatures")) {
            signatures.add(decoded(signature.text("sig").orElse("")));
        }
        return new Envelope(type, decoded(payload), signatures);
    }

    /**
     * True if one of its signatures is this key's.
     *
     * @param key an Ed25519 key
     */
    public boolean isSignedBy(PublicKey key) {
        return signatures.stream().anyMatch(signature -> isSignature(signature, key));
    }

    /** What was signed, as JSON. Believe it only if it {@link #isSignedBy is signed}. */
    public Doc statement() throws IOException {
        return Doc.of(Json.read(new String(payload, StandardCharsets.UTF_8)));
    }

    private boolean isSignature(byte[] bytes, PublicKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(preAuthentication());
            return signature.verify(bytes);
        } catch (GeneralSecurityException e) {
            return false; // bytes that are no signature at all are not the key's signature either
        }
    }

    /** What a signature covers: type and payload with their lengths, so that neither can be moved into the other. */
    private byte[] preAuthentication() {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(type);
        bytes.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    private static byte[] decoded(String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("its payload or signature is not base64", e);
        }
    }
}
