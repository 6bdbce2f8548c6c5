package dev.holdfast.scheduler.access;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** The scheduler's border: which role each address needs. docs/security.md has the same table in words. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
@Import({AccessLogController.class, AccessDescription.class})
public class AccessRoom {

    /** Nothing here is a page. */
    private static final String NO_CONTENT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static final String POLICIES = "/api/v1/policies";

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
            HttpSecurity http, AccessSettings settings, Ways ways, AccessLog log, Refusals refusals, Clock clock) {
        new Guard(settings, ways, refusals, new AccessLogFilter(log, refusals, clock), clock).stand(http, NO_CONTENT);
        Guard.withoutSession(http);
        return http.csrf(csrf -> csrf.disable())
                .logout(logout -> logout.disable())
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/actuator/health/**")
                        .permitAll()
                        .requestMatchers("/api/v1/access-log")
                        .hasRole(Role.AUDITOR.name())
                        .requestMatchers(GET, "/**")
                        .hasRole(Role.VIEWER.name())
                        .requestMatchers(HEAD, "/**")
                        .hasRole(Role.VIEWER.name())
                        .requestMatchers(POST, POLICIES + "/next")
                        .hasRole(Role.VIEWER.name())
                        .requestMatchers(POST, "/api/v1/backup-requests", "/api/v1/restore-test-requests")
                        .hasRole(Role.REQUESTER.name())
                        .requestMatchers(POST, POLICIES, POLICIES + "/*/pause", POLICIES + "/*/resume")
                        .hasRole(Role.OPERATOR.name())
                        .requestMatchers(PUT, POLICIES + "/*")
                        .hasRole(Role.OPERATOR.name())
                        .requestMatchers(DELETE, POLICIES + "/*")
                        .hasRole(Role.OPERATOR.name())
                        .anyRequest()
                        .denyAll())
                .build();
    }
}
