package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What make-secrets prints fits what the overlay dev names, and is new each time. */
class SecretsTest {

    @Test
    void everySecretOfTheTrialIsMadeWithTheKeysThatAreNamed() throws Exception {
        Manifests made = make("--certificates");

        assertThat(Schemas.complaints(made)).isEmpty();
        assertThat(made.ofKind("Secret").map(Resource::name)).containsExactlyInAnyOrderElementsOf(namedByDev());
        assertThat(made.ofKind("Secret")).allSatisfy(secret -> {
            assertThat(keys(secret)).isEqualTo(ReferenceRules.YOURS.get(secret.name()));
            assertThat(secret.json().path("immutable").asBoolean())
                    .as("a pass in use is not replaced by mistake")
                    .isTrue();
            assertThat(secret.json().at("/metadata/namespace").asText()).isEqualTo("ai-governance");
        });
    }

    @Test
    void withoutCertificatesOnlyPasswordsAreMade() throws Exception {
        assertThat(make().ofKind("Secret").map(Resource::name))
                .containsExactlyInAnyOrder("mcpgov-db", "holdfast-catalog-db", "holdfast-repository-cipher");
    }

    @Test
    void nothingIsMadeTwice() throws Exception {
        Set<String> values = new HashSet<>();
        for (Manifests made : List.of(make(), make())) {
            made.ofKind("Secret")
                    .flatMap(secret -> secret.json().path("data").properties().stream())
                    .forEach(value ->
                            assertThat(values.add(value.getValue().asText())).isTrue());
        }
        assertThat(values).hasSize(6).allMatch(value -> value.length() >= 44);
    }

    @Test
    void certificatesAreOfOneAuthorityAndForTheServicesNames() throws Exception {
        Manifests made = make("--certificates");
        X509Certificate authority = certificate(made, "holdfast-cli-tls", "ca.crt");

        for (String name : List.of("holdfast-scheduler", "holdfast-catalog", "holdfast-cli")) {
            X509Certificate certificate = certificate(made, name + "-tls", "tls.crt");
            certificate.verify(authority.getPublicKey());
            certificate.checkValidity();
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
            assertThat(certificate.getSubjectAlternativeNames())
                    .anyMatch(entry -> entry.get(1).equals(name));
            // in PKCS#8, or the services could not read it
            KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder()
                            .decode(text(made, name + "-tls", "tls.key")
                                    .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""))));
        }
    }

    @Test
    void anUnknownArgumentIsRefused() throws Exception {
        Process process = start("--all");

        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("make-secrets [--certificates]");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static Set<String> namedByDev() {
        return Manifests.of(Manifests.HOME.resolve("overlays/dev")).pods().stream()
                .flatMap(pod -> Stream.concat(
                        pod.json().findValues("secretName").stream(),
                        pod.json().findValues("secret").stream().map(secret -> secret.path("name"))))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }

    private static Set<String> keys(Resource secret) {
        return secret.json().path("data").properties().stream()
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static X509Certificate certificate(Manifests made, String secret, String key)
            throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(text(made, secret, key).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(Manifests made, String secret, String key) {
        return new String(
                Base64.getDecoder()
                        .decode(made.one("Secret", secret)
                                .json()
                                .path("data")
                                .path(key)
                                .asText()),
                StandardCharsets.US_ASCII);
    }

    private static Manifests make(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("Keep a copy");
        return Manifests.parse(printed);
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(Stream.concat(
                                Stream.of(Manifests.HOME.resolve("make-secrets").toString()), Stream.of(arguments))
                        .toList())
                .start();
    }
}
