package dev.holdfast.catalog.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import tools.jackson.databind.json.JsonMapper;

/** Every refusal at the border as a problem of RFC 9457 that says what to do. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(Refusals.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BearerTokenAuthenticationEntryPoint bearer = new BearerTokenAuthenticationEntryPoint();
    private final AccessSettings.Oidc oidc;
    private final Ways ways;

    Refusals(AccessSettings settings, Ways ways) {
        this.oidc = settings.oidc();
        this.ways = ways;
    }

    /** Nobody has said who asks, or not so that it can be believed. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e instanceof AuthenticationServiceException) {
            LOGGER.atError().setCause(e).log("a token could not be verified; is the identity provider there?");
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            write(
                    request,
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "identity-provider-away",
                    "the identity provider cannot be asked for its keys, so nobody's token can be verified; try again");
            return;
        }
        if (ways.oidc()) {
            // adds WWW-Authenticate with what is wrong with the token
            bearer.commence(request, response, e);
        }
        write(request, response, HttpStatus.UNAUTHORIZED, "not-authenticated", howToComeIn());
    }

    private String howToComeIn() {
        return ways.oidc()
                ? "expected the header Authorization: Bearer with a token that %s has issued for the audience %s and that has not expired"
                        .formatted(oidc.issuer(), oidc.audience())
                : "expected a client certificate that this service trusts";
    }

    /** It is known who asks, and that is not enough. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        if (e instanceof CsrfException) {
            write(
                    request,
                    response,
                    HttpStatus.FORBIDDEN,
                    "stale-form",
                    "the form's token is missing or of another session; load the page again and send the form from there");
            return;
        }
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "role-missing",
                "'%s' has %s; this needs %s. Whoever administers %s can give it"
                        .formatted(
                                who == null ? "nobody" : who.getName(),
                                who == null || Role.words(who.getAuthorities()).isEmpty()
                                        ? "no role"
                                        : "the role " + Role.words(who.getAuthorities()),
                                needed(e),
                                ways.oidc() ? "the identity provider" : "this service's settings"));
    }

    private static String needed(AccessDeniedException e) {
        return e instanceof AuthorizationDeniedException denied
                        && denied.getAuthorizationResult() instanceof AuthorityAuthorizationDecision decision
                ? Role.words(decision.getAuthorities())
                : "another one";
    }

    /** Answers a request that goes no further: people with a page, programs with a problem. */
    void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String type, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (wantsPage(request)) {
            response.setContentType("text/html;charset=utf-8");
            response.getOutputStream().write(RefusalPage.of(status, detail).getBytes(StandardCharsets.UTF_8));
        } else {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getOutputStream().write(JSON.writeValueAsBytes(problem(request, status, type, detail)));
        }
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE);
    }

    private static Map<String, Object> problem(
            HttpServletRequest request, HttpStatus status, String type, String detail) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "urn:holdfast:problem:" + type);
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        problem.put("instance", request.getRequestURI());
        return problem;
    }
}
