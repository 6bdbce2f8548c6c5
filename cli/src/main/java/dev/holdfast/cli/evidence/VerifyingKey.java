package dev.holdfast.cli.evidence;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Collectors;

/** The public half of a validator's Ed25519 key, as the validator keeps it: PEM, {@code BEGIN PUBLIC KEY}. */
public final class VerifyingKey {

    private VerifyingKey() {}

    /**
     * Reads a key.
     *
     * @throws GeneralSecurityException if the text is not an Ed25519 public key
     */
    public static PublicKey read(String pem) throws GeneralSecurityException {
        if (!pem.contains("-----BEGIN PUBLIC KEY-----")) {
            throw new GeneralSecurityException("it does not begin with -----BEGIN PUBLIC KEY-----");
        }
        String base64 = pem.lines().filter(line -> !line.startsWith("-----")).collect(Collectors.joining());
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64.strip())));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is not base64", e);
        }
    }
}
