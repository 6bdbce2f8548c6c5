package dev.holdfast.validator.evidence;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A DSSE envelope around an in-toto statement.
 *
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md">DSSE envelope</a>
 */
final class Envelope {

    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private static final JsonMapper MAPPER = new JsonMapper();

    private Envelope() {}

    /** The envelope as JSON. */
    static String around(byte[] statement, SigningKey key) {
        byte[] signature = key.sign(preAuthentication(statement));
        return MAPPER.writeValueAsString(Map.of(
                "payloadType", PAYLOAD_TYPE,
                "payload", Base64.getEncoder().encodeToString(statement),
                "signatures",
                        List.of(Map.of(
                                "keyid", key.id(),
                                "sig", Base64.getEncoder().encodeToString(signature)))));
    }

    /** What is signed: type and payload with their lengths, so that neither can be moved into the other. */
    static byte[] preAuthentication(byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("DSSEv1 %d %s %d "
                .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
                .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }
}
