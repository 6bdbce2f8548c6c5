package dev.holdfast.scheduler.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Turns away whoever asks more often than their bucket allows. */
final class RateLimit extends OncePerRequestFilter {

    private static final Duration ALMOST_A_SECOND = Duration.ofMillis(999);

    private final Buckets buckets;
    private final Function<HttpServletRequest, Optional<String>> caller;
    private final Refusals refusals;

    /**
     * A limit.
     *
     * @param caller whose requests are counted together; empty for those that are not counted
     */
    RateLimit(Buckets buckets, Function<HttpServletRequest, Optional<String>> caller, Refusals refusals) {
        this.buckets = buckets;
        this.caller = caller;
        this.refusals = refusals;
    }

    /** The same filter stands in a chain twice, once for addresses and once for principals. */
    @Override
    protected String getAlreadyFilteredAttributeName() {
        return RateLimit.class.getName() + System.identityHashCode(this);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = caller.apply(request).map(buckets::take).orElse(Duration.ZERO);
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        // the header knows whole seconds only
        long seconds = wait.plus(ALMOST_A_SECOND).toSeconds();
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        refusals.write(
                request,
                response,
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                "too many requests; ask again in %d s".formatted(seconds));
    }
}
