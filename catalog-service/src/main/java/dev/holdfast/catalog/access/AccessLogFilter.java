package dev.holdfast.catalog.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/** Writes the record of every request, also of one that is refused. Stands where the security context is still known afterwards. */
final class AccessLogFilter extends OncePerRequestFilter implements RequestRejectedHandler {

    private static final String NOBODY = "-";
    private static final int LONGEST = 300;
    private static final Set<String> PROBES = Set.of("/actuator/health/liveness", "/actuator/health/readiness");

    private final AccessLog log;
    private final Refusals refusals;
    private final InstantSource clock;

    AccessLogFilter(AccessLog log, Refusals refusals, InstantSource clock) {
        this.log = log;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** Probes come every few seconds and tell nothing of people. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return PROBES.contains(request.getRequestURI());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Instant begun = clock.instant();
        int status = HttpStatus.INTERNAL_SERVER_ERROR.value();
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            log.add(entry(request, begun, status));
        }
    }

    /** What Spring Security's firewall finds malformed never reaches a filter. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException e)
            throws IOException {
        refusals.write(
                request,
                response,
                HttpStatus.BAD_REQUEST,
                "malformed",
                "%s. While nobody has to log in, this service answers to names of this machine only; HOLDFAST_HOSTS adds others"
                        .formatted(e.getMessage()));
        log.add(entry(request, clock.instant(), HttpStatus.BAD_REQUEST.value()));
    }

    private AccessLog.Entry entry(HttpServletRequest request, Instant begun, int status) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        return new AccessLog.Entry(
                begun,
                who == null || who instanceof AnonymousAuthenticationToken ? NOBODY : who.getName(),
                request.getRemoteAddr(),
                request.getMethod(),
                shortened(request.getRequestURI()),
                parameters(request),
                status,
                Duration.between(begun, clock.instant()).toMillis());
    }

    /** Names only: a value may be anything that somebody pasted. The stanza is what an auditor looks for. */
    private static List<String> parameters(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null
                ? List.of()
                : Stream.of(query.split("&", LONGEST))
                        .map(parameter ->
                                parameter.startsWith("stanza=") ? parameter : parameter.replaceFirst("=.*", ""))
                        .map(AccessLogFilter::shortened)
                        .limit(20)
                        .toList();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
