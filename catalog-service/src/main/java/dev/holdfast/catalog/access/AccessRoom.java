package dev.holdfast.catalog.access;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** The catalog's border: which role each address needs. docs/security.md has the same table in words. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AccessSettings.class, LoginSettings.class})
class AccessRoom {

    private static final String[] ASKING = {"/stanzas/*/back-up", "/stanzas/*/prove"};

    @Bean
    Ways ways(AccessSettings settings, ServerProperties server) {
        return Ways.of(settings, server);
    }

    @Bean
    AccessLog accessLog(AccessSettings settings, Ways ways) {
        return new AccessLog(settings.log(), ways.isOpen());
    }

    @Bean
    HttpFirewall httpFirewall(AccessSettings settings, Ways ways) {
        return Guard.firewall(settings, ways);
    }

    @Bean
    Refusals refusals(AccessSettings settings, Ways ways) {
        return new Refusals(settings, ways);
    }

    /** Not a bean of its own type: Spring Boot would put it before every chain once more. */
    @Bean
    RequestRejectedHandler rejected(AccessLog log, Refusals refusals, Clock clock) {
        AccessLogFilter filter = new AccessLogFilter(log, refusals, clock);
        return (request, response, e) -> filter.handle(request, response, e);
    }

    @Bean
    SecurityFilterChain border(
            HttpSecurity http,
            AccessSettings settings,
            LoginSettings client,
            Ways ways,
            AccessLog log,
            Refusals refusals,
            Clock clock) {
        new Guard(settings, ways, refusals, new AccessLogFilter(log, refusals, clock), clock)
                .stand(http, contentSecurity(settings, client));
        if (Login.isOffered(settings, client)) {
            new Login(settings, client, refusals).offer(http);
        } else {
            Guard.withoutSession(http);
            http.logout(logout -> logout.disable());
        }
        protectForms(http, ways);
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/actuator/health/**", "/*.css", "/*.js", "/*.svg", "/webjars/**")
                        .permitAll()
                        .requestMatchers("/api/v1/access-log", "/api/v1/exports/**")
                        .hasRole(Role.AUDITOR.name())
                        .requestMatchers(ASKING)
                        .hasRole(Role.REQUESTER.name())
                        .requestMatchers(POST, "/api/v1/rebuild")
                        .hasRole(Role.OPERATOR.name())
                        .requestMatchers(GET, "/**")
                        .hasRole(Role.VIEWER.name())
                        .requestMatchers(HEAD, "/**")
                        .hasRole(Role.VIEWER.name())
                        .anyRequest()
                        .denyAll())
                .build();
    }

    /** Everything comes from the catalog itself; nothing may frame it. */
    private static String contentSecurity(AccessSettings settings, LoginSettings client) {
        return "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'%s; frame-ancestors 'none'"
                .formatted(Login.formTarget(settings, client));
    }

    /** The API takes no forms, and {@link BorderFilter} keeps other sites' pages from it. */
    private static void protectForms(HttpSecurity http, Ways ways) {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("holdfast-form");
        tokens.setCookieCustomizer(cookie -> {
            cookie.sameSite("Strict");
            if (!ways.isOpen()) {
                cookie.secure(true);
            }
        });
        http.csrf(csrf -> csrf.csrfTokenRepository(tokens)
                .requireCsrfProtectionMatcher(request -> request.getMethod().equals("POST")
                        && !request.getRequestURI().startsWith("/api/")));
    }
}
