package dev.holdfast.scheduler.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns away what no client of ours sends: a change that a page of another site had a browser send (a browser brings
 * certificates, cookies and its place on this machine along by itself), and bodies of no or too great a length.
 */
final class BorderFilter extends OncePerRequestFilter {

    /** Far more than any policy needs. */
    static final int LONGEST_BODY = 1024 * 1024;

    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final Refusals refusals;

    BorderFilter(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!HARMLESS.contains(request.getMethod()) && isOfAnotherSite(request)) {
            refusals.write(
                    request,
                    response,
                    HttpStatus.FORBIDDEN,
                    "other-site",
                    "a page of another site had this request sent; only pages of this service and programs may change anything");
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            refusals.write(
                    request,
                    response,
                    HttpStatus.LENGTH_REQUIRED,
                    "length-required",
                    "the body has no Content-Length; send it whole, in at most %d bytes".formatted(LONGEST_BODY));
        } else if (request.getContentLengthLong() > LONGEST_BODY) {
            refusals.write(
                    request,
                    response,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "too-large",
                    "the body has %d bytes; expected at most %d"
                            .formatted(request.getContentLengthLong(), LONGEST_BODY));
        } else {
            pass(request, response, chain);
        }
    }

    /** The provider is asked for its keys when the first token comes; it may be away then. */
    private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (JwtDecoderInitializationException e) {
            refusals.commence(request, response, new AuthenticationServiceException("no keys", e));
        }
    }

    /** Every browser of our days sends one of the two headers with such a request; programs send neither. */
    private static boolean isOfAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN_SITE.contains(site);
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && !authority(origin).equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
    }

    /** Host and port; nothing for {@code null}, which browsers send for pages of no site. */
    private static String authority(String origin) {
        try {
            @Nullable String authority = URI.create(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException notAnOrigin) {
            return "";
        }
    }
}
