package dev.holdfast.catalog.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** What holds for every request whatever it asks for: who asks, how much, from where, and the headers of every answer. */
final class Guard {

    /** The name of everybody while nobody has to log in. */
    static final String LOOPBACK = "loopback";

    /** What the page of a refusal is drawn with: else it would be refused too, and the page be bare. */
    private static final Set<String> LOOK = Set.of("/catalog.css", "/icon.svg");

    private static final Authentication EVERYBODY =
            UsernamePasswordAuthenticationToken.authenticated(LOOPBACK, null, Role.authorities(List.of(Role.values())));

    private final AccessSettings settings;
    private final Ways ways;
    private final Identity identity;
    private final Refusals refusals;
    private final AccessLogFilter log;
    private final InstantSource clock;

    Guard(AccessSettings settings, Ways ways, Refusals refusals, AccessLogFilter log, InstantSource clock) {
        this.settings = settings;
        this.ways = ways;
        this.identity = new Identity(settings);
        this.refusals = refusals;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Guards a chain.
     *
     * @param contentSecurity what pages may load, as in the header Content-Security-Policy
     */
    void stand(HttpSecurity http, String contentSecurity) {
        headers(http, contentSecurity);
        http.httpBasic(basic -> basic.disable())
                .formLogin(form -> form.disable())
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .addFilterAfter(log, SecurityContextHolderFilter.class)
                .addFilterAfter(new BorderFilter(refusals), HeaderWriterFilter.class);
        if (ways.isOpen()) {
            http.addFilterBefore(Guard::everybody, AnonymousAuthenticationFilter.class);
            return;
        }
        http.addFilterBefore(
                        limit(settings.perAddress(), request -> Optional.of(request.getRemoteAddr())),
                        BorderFilter.class)
                .addFilterBefore(limit(settings.perSecond(), Guard::caller), AuthorizationFilter.class);
        if (ways.certificate()) {
            http.x509(certificate ->
                    certificate.x509PrincipalExtractor(Identity::subject).userDetailsService(identity::holder));
        }
        if (ways.oidc()) {
            http.oauth2ResourceServer(tokens -> tokens.authenticationEntryPoint(refusals)
                    .accessDeniedHandler(refusals)
                    .jwt(token -> token.jwtAuthenticationConverter(identity.tokens()))
                    .withObjectPostProcessor(refusesWhatCannotBeVerified()));
        }
    }

    private static void headers(HttpSecurity http, String contentSecurity) {
        http.headers(headers -> headers.cacheControl(cache -> cache.disable())
                // answers may be kept, but are asked for again each time: entity tags make that cheap
                .addHeaderWriter(new StaticHeadersWriter("Cache-Control", "private, no-cache"))
                .contentSecurityPolicy(policy -> policy.policyDirectives(contentSecurity))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(
                        permissions -> permissions.policy("camera=(), geolocation=(), microphone=(), payment=()"))
                .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN)));
    }

    /** A provider that is away is told of as such, not as a failure of this service. */
    private ObjectPostProcessor<BearerTokenAuthenticationFilter> refusesWhatCannotBeVerified() {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                AuthenticationEntryPointFailureHandler handler = new AuthenticationEntryPointFailureHandler(refusals);
                handler.setRethrowAuthenticationServiceException(false);
                filter.setAuthenticationFailureHandler(handler);
                return filter;
            }
        };
    }

    private RateLimit limit(double perSecond, Function<HttpServletRequest, Optional<String>> caller) {
        return new RateLimit(
                new Buckets(perSecond, clock),
                request -> LOOK.contains(request.getRequestURI()) ? Optional.empty() : caller.apply(request),
                refusals);
    }

    /** By name; who has none is limited by address alone. */
    private static Optional<String> caller(HttpServletRequest request) {
        return Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                .filter(who -> !(who instanceof AnonymousAuthenticationToken))
                .map(Authentication::getName);
    }

    private static void everybody(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SecurityContextHolder.setContext(new SecurityContextImpl(EVERYBODY));
        chain.doFilter(request, response);
    }

    /** No session: whoever asks says so with each request. */
    static void withoutSession(HttpSecurity http) {
        http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /**
     * Spring Security's firewall, which while nobody logs in also looks at the host that is asked for: a page whose name
     * was made to point at this machine (DNS rebinding) must not come in as if it were of this machine.
     */
    static StrictHttpFirewall firewall(AccessSettings settings, Ways ways) {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        Set<String> hosts = settings.hosts();
        if (ways.isOpen()) {
            firewall.setAllowedHostnames(host -> host.equals("localhost") || hosts.contains(host) || isLoopback(host));
        }
        return firewall;
    }

    /** Only addresses are looked at, never names: whose names point at loopback is not for DNS to say. */
    private static boolean isLoopback(String host) {
        if (!host.matches("[0-9.]+|\\[?[0-9a-fA-F:]+]?")) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
