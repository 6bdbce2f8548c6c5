package dev.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.PlainJWT;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.Policy;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PeerAuthority;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.oidc.OidcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Packaged schedulers whose callers must say who they are: with a real OIDC server, and with real certificates. */
class AccessIT {

    private static final String JSON = "application/json";
    private static final String BACKUPS = "/api/v1/backup-requests";
    private static final String POLICIES = "/api/v1/policies";
    private static final Map<String, List<String>> ROLES = Map.of(
            "reader", List.of("viewer"),
            "application", List.of("requester"),
            "admin", List.of("operator"),
            "revision", List.of("auditor"),
            "nobody", List.of("cook"));

    @TempDir
    private static Path folder;

    private static KafkaConnection kafka =
            KafkaBroker.shared().connection(SchemaRegistryProcess.shared().url());
    private static EventLog log = EventLog.open(kafka);
    private static OidcServer oidc = new OidcServer(ROLES, "http://127.0.0.1");
    private static RunningScheduler scheduler;

    @BeforeAll
    static void start() {
        scheduler = RunningScheduler.started(
                        kafka,
                        folder.resolve("guarded"),
                        Map.of(
                                "HOLDFAST_OIDC_ISSUER",
                                oidc.issuer(),
                                "HOLDFAST_OIDC_AUDIENCE",
                                OidcServer.AUDIENCE,
                                "HOLDFAST_REQUESTS_PER_SECOND",
                                "5",
                                "HOLDFAST_ACCESS_LOG",
                                folder.resolve("access.log").toString()))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        scheduler.stop();
        oidc.close();
        log.close();
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private static String[] as(String client) {
        return bearer(oidc.tokenOf(client));
    }

    @Test
    void withoutATokenNothingIsAnsweredAndTheAnswerSaysWhatToSend() {
        HttpResponse<String> answer = scheduler.get(POLICIES);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains(oidc.issuer(), "audience holdfast");
    }

    static Stream<Arguments> badTokens() {
        Date past = Date.from(Instant.now().minus(Duration.ofHours(1)));
        String good = oidc.token(claims -> {});
        return Stream.of(
                Arguments.of("expired", oidc.token(claims -> claims.expirationTime(past))),
                Arguments.of(
                        "not valid yet",
                        oidc.token(claims ->
                                claims.notBeforeTime(Date.from(Instant.now().plus(Duration.ofHours(1)))))),
                Arguments.of("of another issuer", oidc.token(claims -> claims.issuer("https://elsewhere.example"))),
                Arguments.of("for another audience", oidc.token(claims -> claims.audience("payroll"))),
                Arguments.of("for no audience", oidc.token(claims -> claims.audience((String) null))),
                Arguments.of("signed by another key", oidc.forgedToken(claims -> {})),
                Arguments.of("not signed", new PlainJWT(oidc.claims(claims -> {})).serialize()),
                Arguments.of("tampered with", tampered(good)),
                Arguments.of("cut off", good.substring(0, good.lastIndexOf('.') + 1)),
                Arguments.of("no token", "let-me-in"));
    }

    /** The signature of one token under the claims of another. */
    private static String tampered(String good) {
        String other = oidc.forgedToken(claims -> claims.subject("admin"));
        int signature = good.lastIndexOf('.');
        return other.substring(0, other.lastIndexOf('.')) + good.substring(signature);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aTokenThatCannotBeBelievedOpensNothing(String flaw, String token) {
        HttpResponse<String> answer = scheduler.get(POLICIES, bearer(token));
        assertThat(answer.statusCode()).as(flaw).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).contains("invalid_token");
        assertThat(answer.body()).contains("\"status\":401").doesNotContain("Exception");
    }

    @Test
    void aGoodTokenMadeByHandIsBelieved() {
        assertThat(scheduler.get(POLICIES, bearer(oidc.token(claims -> {}))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoAskedIsWhomTheTokenNamesWhateverTheBodySays() {
        assertThat(scheduler
                        .post(BACKUPS, JSON, "{\"stanza\": \"named\", \"requestedBy\": \"root\"}", as("application"))
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> answer = scheduler.post(BACKUPS, JSON, "{\"stanza\": \"named\"}", as("application"));
        assertThat(answer.statusCode()).isEqualTo(202);
        BackupRequested request =
                log.await(BackupRequested.class, given -> given.getStanza().equals("named"));
        assertThat(request.getRequestedBy().getPrincipal()).isEqualTo("application");
        assertThat(request.getRequestedBy().getEstablished()).isEqualTo(PrincipalSource.OIDC);
    }

    @Test
    void readersReadAndChangeNothing() {
        assertThat(scheduler.get(POLICIES, as("reader")).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = scheduler.post(BACKUPS, JSON, "{\"stanza\": \"mine\"}", as("reader"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("'reader' has the role viewer; this needs requester");
        assertThat(scheduler
                        .post(POLICIES, "application/yaml", "stanza: mine", as("reader"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void requestersAskAndChangeNoPolicy() {
        assertThat(scheduler
                        .post(POLICIES + "/mine/pause", JSON, "", as("application"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(scheduler
                        .post(POLICIES, "application/yaml", "stanza: mine", as("application"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void operatorsChangePoliciesInTheirOwnName() {
        HttpResponse<String> answer = scheduler.post(
                POLICIES,
                "application/yaml",
                "{stanza: governed, timezone: UTC, backups: [{name: n, type: full, cron: '0 2 * * *'}]}",
                as("admin"));
        assertThat(answer.statusCode()).isEqualTo(201);
        Policy policy = log.await(Policy.class, given -> given.getStanza().equals("governed"));
        assertThat(policy.getChangedBy().getPrincipal()).isEqualTo("admin");
        assertThat(policy.getChangedBy().getEstablished()).isEqualTo(PrincipalSource.OIDC);
    }

    @Test
    void whoHasNoRoleOfHoldfastReadsNothing() {
        HttpResponse<String> answer = scheduler.get(POLICIES, as("nobody"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("'nobody' has no role");
    }

    @Test
    void probesNeedNoTokenAndTellNothing() {
        HttpResponse<String> answer = scheduler.get("/actuator/health/readiness");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("streams");
        assertThat(scheduler.get("/actuator/health/readiness", as("reader")).body())
                .contains("streams");
        assertThat(scheduler.get("/actuator/prometheus").statusCode()).isEqualTo(401);
        assertThat(scheduler.get("/actuator/prometheus", as("reader")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatNoRuleAllowsIsRefusedToOperatorsToo() {
        assertThat(scheduler.post("/api/v1/elsewhere", JSON, "{}", as("admin")).statusCode())
                .isEqualTo(403);
        assertThat(scheduler.delete("/api/v1/elsewhere").statusCode()).isEqualTo(401);
    }

    @Test
    void auditorsReadWhoAskedWhatAndWhoWasRefused() throws IOException {
        scheduler.get("/api/v1/policies/sought?from=secret-value", as("reader"));
        scheduler.post(BACKUPS, JSON, "{\"stanza\": \"audited\"}", as("nobody"));
        assertThat(scheduler.get("/api/v1/access-log", as("admin")).statusCode())
                .isEqualTo(403);
        JsonNode items = RunningScheduler.json(scheduler.get("/api/v1/access-log?limit=1000", as("revision")))
                .path("items");
        assertThat(items.valueStream())
                .anySatisfy(entry -> {
                    assertThat(entry.path("principal").asString()).isEqualTo("reader");
                    assertThat(entry.path("path").asString()).isEqualTo("/api/v1/policies/sought");
                    assertThat(entry.path("status").asInt()).isEqualTo(404);
                })
                .anySatisfy(entry -> {
                    assertThat(entry.path("principal").asString()).isEqualTo("nobody");
                    assertThat(entry.path("method").asString()).isEqualTo("POST");
                    assertThat(entry.path("status").asInt()).isEqualTo(403);
                });
        assertThat(Files.readString(folder.resolve("access.log")))
                .contains("\"principal\":\"nobody\"")
                .doesNotContain("secret-value", "Bearer");
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgain() {
        String[] hasty = bearer(oidc.token(claims -> claims.subject("hasty")));
        HttpResponse<String> answer = scheduler.get(POLICIES, hasty);
        for (int more = 0; more < 1_000 && answer.statusCode() == 200; more++) {
            answer = scheduler.get(POLICIES, hasty);
        }
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(1);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(scheduler.get(POLICIES, as("reader")).statusCode()).isEqualTo(200);
    }

    @Test
    void theDescriptionSaysHowToComeIn() {
        JsonNode api = RunningScheduler.json(scheduler.get("/v3/api-docs", as("reader")));
        assertThat(api.at("/components/securitySchemes/bearer/scheme").asString())
                .isEqualTo("bearer");
        assertThat(api.at("/security/0/bearer").isArray()).isTrue();
        // who asks is no parameter
        assertThat(api.toString()).doesNotContain("\"who\"");
    }

    @Test
    void certificatesOpenWhatTheirSubjectMayDo() {
        PeerAuthority authority = new PeerAuthority("CN=Test CA", folder);
        PeerAuthority.Issued server = authority.issue("CN=localhost");
        int port = FreePorts.next();
        URI address = URI.create("https://127.0.0.1:" + port);
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_SSL_CERTIFICATE", server.certificate().toString());
        environment.put("SERVER_SSL_CERTIFICATEPRIVATEKEY", server.key().toString());
        environment.put("SERVER_SSL_TRUSTCERTIFICATE", authority.file().toString());
        environment.put("SERVER_SSL_CLIENTAUTH", "need");
        environment.put("HOLDFAST_ACCESS_CERTIFICATES_0_SUBJECT", "CN=cron,OU=batch");
        environment.put("HOLDFAST_ACCESS_CERTIFICATES_0_ROLES", "requester");
        environment.put("HOLDFAST_ACCESS_CERTIFICATES_1_SUBJECT", "CN=eyes");
        environment.put("HOLDFAST_ACCESS_CERTIFICATES_1_ROLES", "viewer");
        // every address: with certificates it may
        environment.put("HOLDFAST_BIND", "0.0.0.0");
        try (AppProcess guarded = process("mutual", port, environment)) {
            HttpClient cron = client(authority, authority.issue("CN=cron,OU=batch"));
            Awaitility.await("ready")
                    .atMost(RunningScheduler.LIMIT)
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .until(() -> get(cron, address.resolve("/actuator/health/readiness"))
                                    .statusCode()
                            == 200);

            HttpResponse<String> taken = send(cron, post(address, "{\"stanza\": \"certified\"}"));
            assertThat(taken.statusCode()).as(guarded.log()).isEqualTo(202);
            BackupRequested request =
                    log.await(BackupRequested.class, given -> given.getStanza().equals("certified"));
            assertThat(request.getRequestedBy().getPrincipal()).isEqualTo("CN=cron,OU=batch");
            assertThat(request.getRequestedBy().getEstablished()).isEqualTo(PrincipalSource.MUTUAL_TLS);
            assertThat(taken.headers().firstValue("Strict-Transport-Security")).isPresent();

            HttpClient eyes = client(authority, authority.issue("CN=eyes"));
            assertThat(get(eyes, address.resolve(POLICIES)).statusCode()).isEqualTo(200);
            assertThat(send(eyes, post(address, "{\"stanza\": \"certified\"}")).statusCode())
                    .isEqualTo(403);

            HttpResponse<String> stranger =
                    get(client(authority, authority.issue("CN=stranger")), address.resolve(POLICIES));
            assertThat(stranger.statusCode()).isEqualTo(403);
            assertThat(stranger.body()).contains("'CN=stranger' has no role");

            PeerAuthority other = new PeerAuthority("CN=Other CA", folder);
            HttpClient forged = HttpClient.newBuilder()
                    .sslContext(other.tls(other.issue("CN=cron,OU=batch")))
                    .build();
            assertThatThrownBy(() -> forged.send(get(address.resolve(POLICIES)), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            HttpClient trustsServer = client(authority, null);
            assertThatThrownBy(() ->
                            trustsServer.send(get(address.resolve(POLICIES)), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThat(shownByAnotherAuthority(authority, other, address)).isEmpty();
        }
    }

    /** What a caller gets who trusts the server but shows a certificate of an authority that the server does not know. */
    private static String shownByAnotherAuthority(PeerAuthority trusted, PeerAuthority other, URI address) {
        PeerAuthority.Issued impostor = other.issue("CN=cron,OU=batch");
        try (HttpClient http = client(trusted, impostor)) {
            return http.send(get(address.resolve(POLICIES)), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException refused) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void onLoopbackPagesOfOtherSitesAndOtherNamesAndEndlessBodiesAreTurnedAway() throws IOException {
        try (RunningScheduler open = RunningScheduler.started(kafka, folder.resolve("open"), Map.of())) {
            open.awaitReady();
            String policy = "{stanza: stolen, timezone: UTC, backups: [{name: n, type: full, cron: '0 2 * * *'}]}";
            HttpResponse<String> crossSite = open.post(POLICIES, "text/plain", policy, "Sec-Fetch-Site", "cross-site");
            assertThat(crossSite.statusCode()).isEqualTo(403);
            assertThat(crossSite.body()).contains("another site");
            assertThat(open.post(POLICIES, "text/plain", policy, "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(open.post(POLICIES, "text/plain", policy, "Origin", "null")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(open.get(POLICIES + "/stolen").statusCode()).isEqualTo(404);
            assertThat(open.post(
                                    POLICIES,
                                    "text/plain",
                                    policy,
                                    "Origin",
                                    open.address().toString())
                            .statusCode())
                    .isEqualTo(201);

            assertThat(raw(open, "GET " + POLICIES + " HTTP/1.1", "Host: evil.example:8081"))
                    .startsWith("HTTP/1.1 400")
                    .contains("HOLDFAST_HOSTS");
            assertThat(raw(open, "GET " + POLICIES + " HTTP/1.1", "Host: localhost:8081"))
                    .startsWith("HTTP/1.1 200");
            assertThat(raw(open, "POST " + BACKUPS + " HTTP/1.1", "Host: localhost", "Content-Length: 99999999"))
                    .startsWith("HTTP/1.1 413");
            assertThat(raw(open, "POST " + BACKUPS + " HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked"))
                    .startsWith("HTTP/1.1 411");
            assertThat(raw(open, "TRACE / HTTP/1.1", "Host: localhost")).doesNotStartWith("HTTP/1.1 200");
        }
    }

    @Test
    void anOpenSchedulerDoesNotListenWhereOthersReachIt() {
        Command.Ended bound = app("refused", FreePorts.next(), Map.of("HOLDFAST_BIND", "0.0.0.0"))
                .run();
        assertThat(bound.exitCode()).isNotZero();
        assertThat(bound.stdout() + bound.stderr()).contains("HOLDFAST_OIDC_ISSUER", "HOLDFAST_BIND=127.0.0.1");
        // Spring Boot's own name of the setting is no way around
        Command.Ended around = app("refused", FreePorts.next(), Map.of("SERVER_ADDRESS", "0.0.0.0"))
                .run();
        assertThat(around.exitCode()).isNotZero();
    }

    private static AppProcess process(String name, int port, Map<String, String> environment) {
        return app(name, port, environment).start();
    }

    private static AppProcess.Builder app(String name, int port, Map<String, String> environment) {
        AppProcess.Builder app = AppProcess.of("scheduler-service")
                .env("HOLDFAST_KAFKA", kafka.bootstrapServers())
                .env("HOLDFAST_REGISTRY", kafka.registry())
                .env("HOLDFAST_SCHEDULER_PORT", port)
                .env("HOLDFAST_SCHEDULER_STATE", folder.resolve(name))
                .env("HOLDFAST_INSTANCE", name);
        environment.forEach(app::env);
        return app;
    }

    private static HttpClient client(PeerAuthority authority, PeerAuthority.@Nullable Issued own) {
        return HttpClient.newBuilder().sslContext(authority.tls(own)).build();
    }

    private static HttpRequest get(URI address) {
        return HttpRequest.newBuilder(address).build();
    }

    private static HttpRequest post(URI address, String body) {
        return HttpRequest.newBuilder(address.resolve(BACKUPS))
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> get(HttpClient http, URI address) {
        return send(http, get(address));
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A request as it goes over the wire; no HTTP client lets its user say another host. */
    private static String raw(RunningScheduler to, String... lines) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), to.address().getPort())) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
