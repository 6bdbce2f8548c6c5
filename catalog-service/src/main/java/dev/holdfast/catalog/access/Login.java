package dev.holdfast.catalog.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;

/** A login in a browser: authorization code with PKCE at the identity provider, then a session. */
final class Login {

    private static final Logger LOGGER = LoggerFactory.getLogger(Login.class);
    private static final String REGISTRATION = "holdfast";
    private static final String BEGIN = "/oauth2/authorization/" + REGISTRATION;

    private final AccessSettings.Oidc oidc;
    private final LoginSettings client;
    private final Identity identity;
    private final Refusals refusals;

    Login(AccessSettings settings, LoginSettings client, Refusals refusals) {
        this.oidc = settings.oidc();
        this.client = client;
        this.identity = new Identity(settings);
        this.refusals = refusals;
    }

    /** True if there is a client to log in with; otherwise programs alone can come in with tokens. */
    static boolean isOffered(AccessSettings settings, LoginSettings client) {
        return !settings.oidc().issuer().isEmpty() && !client.clientId().isEmpty();
    }

    /** Where forms may lead beside the catalog itself: logging out ends the provider's session too. */
    static String formTarget(AccessSettings settings, LoginSettings client) {
        if (!isOffered(settings, client)) {
            return "";
        }
        URI issuer = URI.create(settings.oidc().issuer());
        return " %s://%s".formatted(issuer.getScheme(), issuer.getRawAuthority());
    }

    void offer(HttpSecurity http) {
        // asked when somebody logs in: a provider that is away must not keep the catalog from starting
        SupplierClientRegistrationRepository clients = new SupplierClientRegistrationRepository(
                () -> new InMemoryClientRegistrationRepository(registration()));
        OidcClientInitiatedLogoutSuccessHandler out = new OidcClientInitiatedLogoutSuccessHandler(clients);
        out.setPostLogoutRedirectUri("{baseUrl}/");
        HttpSessionRequestCache wanted = new HttpSessionRequestCache();
        wanted.setRequestMatcher(Login::isPage);
        http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.IF_REQUIRED))
                .requestCache(cache -> cache.requestCache(wanted))
                .exceptionHandling(refused -> refused.authenticationEntryPoint(entry()))
                .oauth2Login(login -> login.clientRegistrationRepository(clients)
                        .authorizedClientRepository(new HttpSessionOAuth2AuthorizedClientRepository())
                        .loginPage(BEGIN)
                        .failureHandler(this::failed)
                        .userInfoEndpoint(user -> user.userAuthoritiesMapper(this::roles)))
                .logout(logout -> logout.logoutSuccessHandler(out));
    }

    private ClientRegistration registration() {
        ClientRegistration.Builder made = ClientRegistrations.fromIssuerLocation(oidc.issuer())
                .registrationId(REGISTRATION)
                .clientId(client.clientId())
                .scope("openid")
                .userNameAttributeName(oidc.nameClaim());
        return (client.clientSecret().isEmpty()
                        ? made.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                        : made.clientSecret(client.clientSecret()))
                .build();
    }

    /** The roles in the identity token and in what the provider tells of the user. */
    private Collection<? extends GrantedAuthority> roles(Collection<? extends GrantedAuthority> given) {
        List<GrantedAuthority> roles = new ArrayList<>();
        for (GrantedAuthority authority : given) {
            if (authority instanceof OidcUserAuthority user) {
                Map<String, Object> claims = new HashMap<>(user.getAttributes());
                claims.putAll(user.getIdToken().getClaims());
                roles.addAll(identity.authorities(claims));
            }
        }
        return roles;
    }

    /** People are led to the provider, programs are told what to send, and a page that renews itself is told to start anew. */
    private AuthenticationEntryPoint entry() {
        return (request, response, e) -> {
            if (request.getHeader("HX-Request") != null) {
                response.setHeader("HX-Refresh", "true");
                response.setStatus(HttpStatus.UNAUTHORIZED.value());
            } else if (isPage(request)) {
                response.sendRedirect(BEGIN);
            } else {
                refusals.commence(request, response, e);
            }
        };
    }

    private static boolean isPage(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return request.getMethod().equals("GET")
                && !request.getRequestURI().startsWith("/api/")
                && request.getHeader("HX-Request") == null
                && accepted != null
                && accepted.contains(MediaType.TEXT_HTML_VALUE);
    }

    private void failed(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        LOGGER.atWarn().addKeyValue("error", String.valueOf(e.getMessage())).log("a login failed");
        refusals.write(
                request,
                response,
                HttpStatus.UNAUTHORIZED,
                "login-failed",
                "the login at %s did not succeed, or took too long; go to the overview to begin again"
                        .formatted(oidc.issuer()));
    }
}
