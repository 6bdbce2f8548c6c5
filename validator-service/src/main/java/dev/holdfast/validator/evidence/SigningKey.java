package dev.holdfast.validator.evidence;

import dev.holdfast.validator.proof.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** The validator's own Ed25519 key. The runner has none, so it cannot forge a verdict. */
public final class SigningKey {

    private static final String PRIVATE = "evidence-key.pem";
    private static final String PUBLIC = "evidence-key.pub.pem";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private SigningKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * Reads the key of a folder; makes one, readable for its owner only, where there is none yet.
     *
     * @throws UncheckedIOException if the folder cannot be written or the key not be read
     */
    public static SigningKey in(Path folder) {
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve(PRIVATE))) {
                create(folder);
            }
            return read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the key that signs the evidence cannot be read or made in %s; check HOLDFAST_VALIDATOR_STATE"
                            .formatted(folder),
                    e);
        }
    }

    /** Signature of these bytes, 64 bytes. */
    public byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the evidence key does not sign", e);
        }
    }

    /** SHA-256 of the public key as DER: its name in an envelope. */
    public String id() {
        return Sha256.hex(publicKey.getEncoded());
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    private static void create(Path folder) throws IOException {
        KeyPair pair = generate();
        write(folder.resolve(PRIVATE), pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
        write(folder.resolve(PUBLIC), pem("PUBLIC KEY", pair.getPublic().getEncoded()), "rw-r--r--");
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    private static SigningKey read(Path folder) throws IOException {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            PrivateKey secret = factory.generatePrivate(new PKCS8EncodedKeySpec(der(folder.resolve(PRIVATE))));
            PublicKey open = factory.generatePublic(new X509EncodedKeySpec(der(folder.resolve(PUBLIC))));
            return new SigningKey(secret, open);
        } catch (GeneralSecurityException e) {
            throw new IOException("%s or %s in %s is no Ed25519 key".formatted(PRIVATE, PUBLIC, folder), e);
        }
    }

    private static void write(Path file, String text, String rights) throws IOException {
        FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "key", ".new", attribute);
        Files.writeString(fresh, text);
        Files.move(fresh, file);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    }

    private static byte[] der(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        return Base64.getMimeDecoder()
                .decode(String.join(
                        "",
                        text.lines().filter(line -> !line.startsWith("-----")).toList()));
    }
}
