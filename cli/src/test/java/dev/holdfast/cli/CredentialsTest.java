package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.testsupport.PeerAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the command line says who its user is, and what it says when that is not enough. */
class CredentialsTest {

    private static final String NONE = "{\"items\": [], \"next\": null, \"asOf\": {\"caughtUp\": true}}";

    @TempDir
    private Path home = Path.of(".");

    private final RecordedService catalog = new RecordedService().answers("GET /api/v1/stanzas", 200, NONE);

    @AfterEach
    void end() {
        catalog.close();
    }

    private Terminal terminal() {
        return new Terminal(home).env("HOLDFAST_CATALOG", catalog.url());
    }

    @Test
    void withoutCredentialsNoneAreSent() {
        assertThat(terminal().type("status").status()).isZero();
        assertThat(catalog.credentials()).isEmpty();
    }

    @Test
    void aTokenIsTakenFromTheEnvironmentOrFromAFile() throws IOException {
        terminal().env("HOLDFAST_TOKEN", "from-environment").type("status");
        Path file = Files.writeString(home.resolve("token"), "from-file\n");
        terminal().env("HOLDFAST_TOKEN_FILE", file.toString()).type("status");
        assertThat(catalog.credentials()).containsExactly("Bearer from-environment", "Bearer from-file");
    }

    @Test
    void aClientAsksItsProviderForAToken() throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "s3:cret\n");
        try (RecordedService provider = new RecordedService()) {
            provider.answers(
                            "GET /.well-known/openid-configuration",
                            200,
                            "{\"token_endpoint\": \"%s/token\"}".formatted(provider.url()))
                    .answers("POST /token", 200, "{\"access_token\": \"given\", \"token_type\": \"Bearer\"}");
            Terminal.Ended ended = terminal()
                    .env("HOLDFAST_OIDC_ISSUER", provider.url())
                    .env("HOLDFAST_CLIENT_ID", "nightly")
                    .env("HOLDFAST_CLIENT_SECRET_FILE", secret.toString())
                    .type("status");
            assertThat(ended.status()).as(ended.err()).isZero();
            assertThat(provider.credentials())
                    .containsExactly("Basic "
                            + Base64.getEncoder().encodeToString("nightly:s3%3Acret".getBytes(StandardCharsets.UTF_8)));
            assertThat(provider.asked()).contains("POST /token grant_type=client_credentials");
        }
        assertThat(catalog.credentials()).containsExactly("Bearer given");
    }

    @Test
    void aProviderThatRefusesIsToldOfInItsOwnWords() {
        try (RecordedService provider = new RecordedService()) {
            provider.answers(
                            "GET /.well-known/openid-configuration",
                            200,
                            "{\"token_endpoint\": \"%s/token\"}".formatted(provider.url()))
                    .answers("POST /token", 401, "{\"error\": \"invalid_client\"}");
            Terminal.Ended ended = terminal()
                    .env("HOLDFAST_OIDC_ISSUER", provider.url())
                    .env("HOLDFAST_CLIENT_ID", "nightly")
                    .env("HOLDFAST_CLIENT_SECRET", "out-of-date")
                    .type("status");
            assertThat(ended.status()).isEqualTo(3);
            assertThat(ended.err())
                    .contains("401 invalid_client", "HOLDFAST_CLIENT_ID")
                    .doesNotContain("out-of-date");
        }
    }

    @Test
    void whoIsNotKnownIsToldWhatToSet() {
        catalog.answers("GET /api/v1/stanzas", 401, "{\"detail\": \"expected the header Authorization\"}");
        Terminal.Ended ended = terminal().type("status");
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err())
                .contains("wants to know who asks", "expected the header Authorization", "HOLDFAST_TOKEN_FILE")
                .contains("HOLDFAST_TLS_CERTIFICATE", "profile");
    }

    @Test
    void whoMayNotIsToldWhichRoleIsMissing() {
        catalog.answers("GET /api/v1/stanzas", 403, "{\"detail\": \"'alice' has no role; this needs viewer\"}");
        Terminal.Ended ended = terminal().env("HOLDFAST_TOKEN", "t").type("status");
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err()).contains("'alice' has no role; this needs viewer");
    }

    @Test
    void aTokenNeverTravelsInTheClear() {
        Terminal.Ended ended = new Terminal(home)
                .env("HOLDFAST_CATALOG", "http://192.0.2.7:8080")
                .env("HOLDFAST_TOKEN", "secret-token")
                .type("status");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("in the clear", "https://").doesNotContain("secret-token");
    }

    @Test
    void aProfileWithASecretIsItsOwnersAlone() throws IOException {
        Path profile = home.resolve(".config/holdfast/profiles/prod.env");
        Files.createDirectories(profile.getParent());
        Files.writeString(
                profile, "export HOLDFAST_CATALOG=%s%nexport HOLDFAST_TOKEN=profiled%n".formatted(catalog.url()));
        Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-r--r--"));
        Terminal.Ended readable = new Terminal(home).type("status", "--profile", "prod");
        assertThat(readable.status()).isEqualTo(2);
        assertThat(readable.err()).contains("chmod 600").doesNotContain("profiled");

        Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-------"));
        assertThat(new Terminal(home).type("status", "--profile", "prod").status())
                .isZero();
        assertThat(catalog.credentials()).containsExactly("Bearer profiled");
    }

    @Test
    void aCertificateIsShownToAServiceOfTheUsersOwnAuthority() throws IOException {
        PeerAuthority authority = new PeerAuthority("CN=Own CA", home);
        PeerAuthority.Issued alice = authority.issue("CN=alice");
        HttpsServer service = demanding(authority.tls(authority.issue("CN=catalog")));
        try {
            String url = "https://127.0.0.1:" + service.getAddress().getPort();
            Terminal.Ended unknown =
                    new Terminal(home).env("HOLDFAST_CATALOG", url).type("status");
            assertThat(unknown.status()).isEqualTo(3);
            assertThat(unknown.err()).contains("HOLDFAST_TLS_CA");

            Terminal.Ended shown = new Terminal(home)
                    .env("HOLDFAST_CATALOG", url)
                    .env("HOLDFAST_TLS_CA", authority.file().toString())
                    .env("HOLDFAST_TLS_CERTIFICATE", alice.certificate().toString())
                    .env("HOLDFAST_TLS_KEY", alice.key().toString())
                    .type("status");
            assertThat(shown.status()).as(shown.err()).isZero();
        } finally {
            service.stop(0);
        }
    }

    /** A catalog that answers nobody without a certificate. */
    private static HttpsServer demanding(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demanding = getSSLContext().getDefaultSSLParameters();
                demanding.setNeedClientAuth(true);
                parameters.setSSLParameters(demanding);
            }
        });
        server.createContext("/", exchange -> {
            byte[] body = NONE.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void aKeyThatIsNoKeyIsSaidWithItsRemedy() throws IOException {
        PeerAuthority authority = new PeerAuthority("CN=Own CA", home);
        Path key = Files.writeString(home.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\n");
        Terminal.Ended ended = new Terminal(home)
                .env("HOLDFAST_CATALOG", "https://127.0.0.1:1")
                .env(
                        "HOLDFAST_TLS_CERTIFICATE",
                        authority.issue("CN=alice").certificate().toString())
                .env("HOLDFAST_TLS_KEY", key.toString())
                .type("status");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("openssl pkcs8 -topk8");
    }
}
