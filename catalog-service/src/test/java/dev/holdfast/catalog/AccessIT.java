package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.events.BackupType;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.ProofWish;
import dev.holdfast.events.RestoreTestRequested;
import dev.holdfast.events.TargetKind;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.EventLog;
import dev.holdfast.testsupport.Events;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.PeerAuthority;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.ProofEvents;
import dev.holdfast.testsupport.oidc.OidcServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what at the catalog: with a real OIDC server and a login in a browser, with certificates, and on loopback. */
class AccessIT {

    private static final KafkaConnection KAFKA = KafkaBroker.shared().connection("mock://catalog-access");
    private static final PostgresCluster CLUSTER = PostgresCluster.started();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String STANZA = "asked";
    private static final Map<String, List<String>> ROLES = Map.of(
            "alice", List.of("requester"),
            "victor", List.of("viewer"),
            "admin", List.of("operator"),
            "revision", List.of("auditor"));

    @TempDir
    private static Path folder;

    private static EventLog log = EventLog.open(KAFKA);
    private static PeerAuthority authority;
    private static OidcServer oidc;
    private static URI guardedAddress;
    private static RunningCatalog open;
    private static RunningCatalog guarded;

    @BeforeAll
    static void start() {
        CLUSTER.createDatabase("access");
        open = RunningCatalog.start(KAFKA, CLUSTER, "access");
        log.publish(Events.runnerAnnounced("runner-1", STANZA).build());
        open.awaitStatus("/api/v1/stanzas/" + STANZA, 200);

        authority = new PeerAuthority("CN=Test CA", folder);
        int port = FreePorts.next();
        guardedAddress = URI.create("https://127.0.0.1:" + port);
        oidc = new OidcServer(ROLES, guardedAddress.toString());
        guarded = RunningCatalog.start(
                KAFKA,
                CLUSTER,
                "access",
                tls(
                        port,
                        "--HOLDFAST_OIDC_ISSUER=" + oidc.issuer(),
                        "--HOLDFAST_OIDC_AUDIENCE=" + OidcServer.AUDIENCE,
                        "--HOLDFAST_OIDC_CLIENT_ID=" + OidcServer.BROWSER_CLIENT,
                        "--HOLDFAST_OIDC_CLIENT_SECRET=" + OidcServer.secretOf(OidcServer.BROWSER_CLIENT)));
    }

    /** Settings of a catalog that speaks TLS and does not project. */
    private static String[] tls(int port, String... further) {
        PeerAuthority.Issued server = authority.issue("CN=catalog");
        List<String> settings = new ArrayList<>(List.of(further));
        settings.add("--HOLDFAST_CATALOG_PORT=" + port);
        settings.add("--server.ssl.certificate=" + server.certificate());
        settings.add("--server.ssl.certificate-private-key=" + server.key());
        settings.add("--catalog.projector=false");
        return settings.toArray(String[]::new);
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {guarded, open, oidc, log, CLUSTER}) {
            if (one != null) {
                one.close();
            }
        }
    }

    private static HttpResponse<String> ask(SSLContext tls, HttpRequest.Builder request) {
        try (HttpClient http = HttpClient.newBuilder().sslContext(tls).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(guardedAddress.resolve(path));
    }

    private static int status(String path, String client) {
        return ask(authority.tls(null), request(path).header("Authorization", "Bearer " + oidc.tokenOf(client)))
                .statusCode();
    }

    @Test
    void programsComeInWithTokensAndTheirRoles() {
        HttpResponse<String> refused = ask(authority.tls(null), request("/api/v1/stanzas"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
        assertThat(refused.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThat(status("/api/v1/stanzas", "victor")).isEqualTo(200);
        assertThat(status("/api/v1/exports/backups", "victor")).isEqualTo(403);
        assertThat(status("/api/v1/exports/backups", "admin")).isEqualTo(403);
        assertThat(status("/api/v1/exports/backups", "revision")).isEqualTo(200);
        assertThat(status("/api/v1/access-log", "victor")).isEqualTo(403);
        assertThat(status("/api/v1/access-log", "revision")).isEqualTo(200);
        assertThat(rebuild("alice")).isEqualTo(403);
        assertThat(rebuild("revision")).isEqualTo(403);
        assertThat(status("/stanzas/%s/back-up".formatted(STANZA), "victor")).isEqualTo(403);
    }

    @Test
    void whileTheProviderIsAwayNobodysTokenIsBelievedAndItIsSaidWhy() {
        String token = oidc.tokenOf("victor");
        try (RunningCatalog catalog = RunningCatalog.start(
                KAFKA,
                CLUSTER,
                "access",
                "--catalog.projector=false",
                "--HOLDFAST_OIDC_ISSUER=http://127.0.0.1:1",
                "--HOLDFAST_OIDC_AUDIENCE=" + OidcServer.AUDIENCE)) {
            HttpResponse<String> answer = catalog.get("/api/v1/stanzas", "Authorization", "Bearer " + token);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("identity-provider-away");
        }
    }

    @Test
    void whoAsksTooOftenIsToldHowLongToWait() {
        try (RunningCatalog catalog = RunningCatalog.start(
                KAFKA,
                CLUSTER,
                "access",
                "--catalog.projector=false",
                "--HOLDFAST_OIDC_ISSUER=http://127.0.0.1:1",
                "--HOLDFAST_OIDC_AUDIENCE=" + OidcServer.AUDIENCE,
                "--HOLDFAST_REQUESTS_PER_ADDRESS=2")) {
            HttpResponse<String> page = refusedAsTooMuch(catalog, "/", "Accept", "text/html");
            assertThat(page.body())
                    .contains("That was too much at once", "ask again in", "Wait a few seconds", "class=\"bar\"");
            // the page of a refusal is not a bare one
            assertThat(catalog.get("/catalog.css").statusCode()).isEqualTo(200);
            HttpResponse<String> problem = refusedAsTooMuch(catalog, "/api/v1/stanzas");
            assertThat(problem.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(problem.body()).contains("urn:holdfast:problem:too-many-requests", "ask again in");
        }
    }

    private static HttpResponse<String> refusedAsTooMuch(RunningCatalog catalog, String path, String... headers) {
        HttpResponse<String> refused = Stream.generate(() -> catalog.get(path, headers))
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        return refused;
    }

    private static int rebuild(String client) {
        return ask(
                        authority.tls(null),
                        request("/api/v1/rebuild")
                                .header("Authorization", "Bearer " + oidc.tokenOf(client))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                .statusCode();
    }

    @Test
    void aPageThatRenewsItselfIsToldToStartAnewWhenTheSessionIsOver() {
        HttpResponse<String> answer = ask(
                authority.tls(null), request("/").header("Accept", "text/html").header("HX-Request", "true"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("HX-Refresh")).hasValue("true");
    }

    @Test
    void aRefusalIsAPageInTheLookOfTheOthersThatSaysWhatToDo() {
        HttpResponse<String> unknown =
                ask(authority.tls(null), request("/api/v1/stanzas").header("Accept", "text/html"));
        HttpResponse<String> foreign = ask(
                authority.tls(null),
                request("/stanzas/" + STANZA + "/back-up")
                        .header("Accept", "text/html")
                        .header("Origin", "https://elsewhere.example")
                        .POST(HttpRequest.BodyPublishers.ofString("")));

        assertThat(unknown.body()).contains("Nobody knows who you are", "ask whoever runs Holdfast", "class=\"bar\"");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).contains("You may not do that", "a page of another site", "Nothing was changed");
    }

    @Test
    void peopleLogInAskInTheirNameAndLogOut() {
        Browser browser = loggedIn("alice", "/stanzas/" + STANZA);
        assertThat(browser.cookiesSet())
                .filteredOn(cookie -> cookie.startsWith("__Host-holdfast="))
                .isNotEmpty()
                .allSatisfy(cookie -> assertThat(cookie).contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/"));

        browser.open("/stanzas/%s/back-up".formatted(STANZA));
        Browser.Page follow = browser.send(
                "/stanzas/%s/back-up".formatted(STANZA),
                Map.of("type", "diff", "prove", "true", "reason", "before the upgrade"));
        assertThat(follow.status()).isEqualTo(200);
        BackupRequested request =
                log.await(BackupRequested.class, given -> given.getReason().equals("before the upgrade"));
        assertThat(request.getStanza()).isEqualTo(STANZA);
        assertThat(request.getType()).isEqualTo(BackupType.DIFF);
        assertThat(request.getProof()).isEqualTo(ProofWish.AFTER_COMPLETION);
        assertThat(request.getRequestedBy().getPrincipal()).isEqualTo("alice");
        assertThat(request.getRequestedBy().getEstablished()).isEqualTo(PrincipalSource.OIDC);
        assertThat(follow.address().getPath()).isEqualTo("/requests/%s/follow".formatted(request.getRequestId()));

        browser.send("/logout", Map.of());
        assertThat(browser.open(guardedAddress.resolve("/")).address().getPath())
                .isEqualTo("/login");
    }

    @Test
    void whoMayOnlyReadSeesNoButtons() {
        Browser browser = loggedIn("victor", "/stanzas/" + STANZA);
        assertThat(browser.open("/stanzas/" + STANZA).text()).doesNotContain("Back up now", "Prove now");
        Browser.Page refused = browser.open("/stanzas/%s/back-up".formatted(STANZA));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("this needs requester").contains("<html");
    }

    private static Browser loggedIn(String user, String path) {
        Browser browser = new Browser(authority.tls(null));
        assertThat(browser.open(guardedAddress.resolve(path)).address().getPath())
                .isEqualTo("/login");
        Browser.Page page = browser.send("/login", Map.of("username", user, "password", OidcServer.SECRET));
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        assertThat(page.address().getPath()).isEqualTo(path);
        assertThat(page.text()).contains(user);
        return browser;
    }

    @Test
    void certificatesAskInTheNameOfTheirSubject() {
        PeerAuthority.Issued holder = authority.issue("CN=bob,OU=dba");
        int port = FreePorts.next();
        try (RunningCatalog catalog = RunningCatalog.start(
                KAFKA,
                CLUSTER,
                "access",
                tls(
                        port,
                        "--server.ssl.trust-certificate=" + authority.file(),
                        "--server.ssl.client-auth=need",
                        "--holdfast.access.certificates[0].subject=CN=bob,OU=dba",
                        "--holdfast.access.certificates[0].roles=requester"))) {
            Browser browser = new Browser(authority.tls(holder));
            browser.open(URI.create("https://127.0.0.1:%d/stanzas/%s/prove".formatted(catalog.port(), STANZA)));
            assertThat(browser.send(
                                    "/stanzas/%s/prove".formatted(STANZA),
                                    Map.of("aim", "latest", "reason", "by certificate"))
                            .status())
                    .isEqualTo(200);
            RestoreTestRequested request = log.await(
                    RestoreTestRequested.class, given -> given.getReason().equals("by certificate"));
            assertThat(request.getTarget().getKind()).isEqualTo(TargetKind.LATEST);
            assertThat(request.getRequestedBy().getPrincipal()).isEqualTo("CN=bob,OU=dba");
            assertThat(request.getRequestedBy().getEstablished()).isEqualTo(PrincipalSource.MUTUAL_TLS);
        }
    }

    @Test
    void onLoopbackARequestIsFollowedFromTheFormToTheProofWithoutJavaScript() {
        Browser browser = new Browser(authority.tls(null));
        Browser.Page stanza = browser.open(openAddress("/stanzas/" + STANZA));
        assertThat(stanza.text()).contains("Back up now", "Prove now").doesNotContain("Log out");
        browser.open("/stanzas/%s/back-up".formatted(STANZA));
        Browser.Page follow = browser.send(
                "/stanzas/%s/back-up".formatted(STANZA), Map.of("type", "full", "prove", "true", "reason", "followed"));
        BackupRequested request =
                log.await(BackupRequested.class, given -> given.getReason().equals("followed"));
        assertThat(request.getRequestedBy().getEstablished()).isEqualTo(PrincipalSource.UNKNOWN);
        assertThat(follow.text()).contains("http-equiv=\"refresh\"");

        UUID id = request.getRequestId();
        log.publish(Events.backupStarted(STANZA, id).build());
        log.publish(Events.backupCompleted(STANZA, id).build());
        UUID test = UUID.randomUUID();
        log.publish(ProofEvents.restoreTestRequested(STANZA)
                .setRequestId(id)
                .setTestId(test)
                .build());
        log.publish(ProofEvents.restoreTestStarted(STANZA, id, test).build());
        log.publish(ProofEvents.restoreTestCompleted(STANZA, id, test).build());
        Awaitility.await("followed to its verdict")
                .atMost(LIMIT)
                .until(() -> browser.open(follow.address()).text().contains("/restore-tests/" + test));
        Browser.Page over = browser.open(follow.address());
        assertThat(over.text()).contains("proven").doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void theSameFormSentTwiceIsOneRequest() {
        Browser browser = new Browser(authority.tls(null));
        Browser.Page form = browser.open(openAddress("/stanzas/%s/back-up".formatted(STANZA)));
        String action = "/stanzas/%s/back-up".formatted(STANZA);
        Map<String, String> fields = Map.of(
                "type",
                "incr",
                "reason",
                "pressed twice",
                "form",
                UUID.randomUUID().toString());
        URI first = browser.send(action, fields).address();
        browser.open(form.address());
        assertThat(browser.send(action, fields).address()).isEqualTo(first);
    }

    @Test
    void aFormThatNoPageOfOursGaveIsRefused() {
        String action = "/stanzas/%s/back-up".formatted(STANZA);
        HttpRequest.Builder forged = HttpRequest.newBuilder(openAddress(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("type=full&reason=forged&form=" + UUID.randomUUID()));
        HttpResponse<String> answer = ask(authority.tls(null), forged);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("stale-form");
        assertThat(ask(authority.tls(null), forged.copy().header("Sec-Fetch-Site", "cross-site"))
                        .body())
                .contains("other-site");
        assertThat(log.all(BackupRequested.class))
                .noneMatch(request -> request.getReason().equals("forged"));
    }

    @Test
    void whatTheFormDoesNotOfferIsRefusedWithAPage() {
        Browser browser = new Browser(authority.tls(null));
        String action = "/stanzas/%s/back-up".formatted(STANZA);
        browser.open(openAddress(action));
        Browser.Page wrong = browser.send(action, Map.of("type", "everything"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("choose one that the form offers");
        browser.open(openAddress(action));
        assertThat(browser.send(action, Map.of("type", "full", "reason", "x".repeat(1_001)))
                        .status())
                .isEqualTo(400);
        assertThat(browser.open(openAddress("/stanzas/unheard-of/back-up")).status())
                .isEqualTo(404);
    }

    private static URI openAddress(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(open.port(), path));
    }
}
