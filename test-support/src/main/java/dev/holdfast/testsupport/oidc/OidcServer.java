package dev.holdfast.testsupport.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.holdfast.testsupport.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;

/**
 * A real OpenID Connect server (Spring Authorization Server) on a loopback port: discovery, keys, tokens for programs, a
 * login for people. Tokens carry the claim {@code roles}.
 */
public final class OidcServer implements AutoCloseable {

    /** What tokens are made for. */
    public static final String AUDIENCE = "holdfast";

    /** The password of every user. */
    public static final String SECRET = "only-for-tests";

    /** The client that people log in with in a browser. */
    public static final String BROWSER_CLIENT = "holdfast-catalog";

    private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final String issuer;
    private final RSAKey key;
    private final AnnotationConfigServletWebServerApplicationContext context;

    /**
     * Starts one.
     *
     * @param roles by name of a user, whose password is {@link #SECRET}, and of a client for programs
     * @param application base URL of what {@link #BROWSER_CLIENT} logs in to: a Spring application with a registration {@code
     *     holdfast}
     */
    public OidcServer(Map<String, List<String>> roles, String application) {
        int port = FreePorts.next();
        this.issuer = "http://127.0.0.1:" + port;
        this.key = newKey();
        context = new AnnotationConfigServletWebServerApplicationContext();
        context.registerBean(
                OidcWiring.Content.class, () -> new OidcWiring.Content(port, issuer, key, roles, application));
        context.register(OidcWiring.class);
        context.refresh();
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("no key", e);
        }
    }

    /** Its name, and where its discovery document begins. */
    public String issuer() {
        return issuer;
    }

    /** The secret of a client; the server wants them to differ. */
    public static String secretOf(String client) {
        return SECRET + "-" + client;
    }

    /** A token for a program, from the token endpoint, as programs get theirs. */
    public String tokenOf(String client) {
        String basic = Base64.getEncoder()
                .encodeToString("%s:%s".formatted(client, secretOf(client)).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher token = ACCESS_TOKEN.matcher(answer);
            if (!token.find()) {
                throw new IllegalStateException("no token in " + answer);
            }
            return token.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException("the OIDC server does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * A token signed with the server's own key, valid but for what the test changes.
     *
     * @param change of the claims
     */
    public String token(Consumer<JWTClaimsSet.Builder> change) {
        return signed(key, change);
    }

    /** A token as above, of the same issuer, signed with a key that this server does not know. */
    public String forgedToken(Consumer<JWTClaimsSet.Builder> change) {
        return signed(newKey(), change);
    }

    private String signed(RSAKey with, Consumer<JWTClaimsSet.Builder> change) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims(change));
            token.sign(new RSASSASigner(with));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a token that cannot be signed", e);
        }
    }

    /** What a token of this server says. */
    public JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(AUDIENCE)
                .subject("made-by-hand")
                .claim("roles", List.of("operator", "auditor"))
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)));
        change.accept(claims);
        return claims.build();
    }

    @Override
    public void close() {
        context.close();
    }
}
