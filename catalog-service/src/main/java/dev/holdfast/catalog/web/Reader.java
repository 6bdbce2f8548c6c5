package dev.holdfast.catalog.web;

import dev.holdfast.catalog.asking.Asker;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/**
 * Who looks at a page.
 *
 * @param name as proven at the border; null if nobody has to log in
 * @param mayAsk true if the reader may ask for backups and proofs
 * @param mayLogOut true if there is a session to end
 */
record Reader(@Nullable String name, boolean mayAsk, boolean mayLogOut) {

    private static final String REQUESTER = "ROLE_REQUESTER";

    static Reader of(@Nullable Authentication who) {
        return who == null
                ? new Reader(null, false, false)
                : new Reader(
                        asker(who).established() == Asker.Established.UNKNOWN ? null : who.getName(),
                        who.getAuthorities().stream().anyMatch(authority -> REQUESTER.equals(authority.getAuthority())),
                        who instanceof OAuth2AuthenticationToken);
    }

    static Asker asker(Authentication who) {
        return new Asker(
                who.getName(),
                switch (who) {
                    case JwtAuthenticationToken token -> Asker.Established.OIDC;
                    case OAuth2AuthenticationToken session -> Asker.Established.OIDC;
                    case PreAuthenticatedAuthenticationToken certificate -> Asker.Established.MUTUAL_TLS;
                    default -> Asker.Established.UNKNOWN;
                });
    }

    /** Lets every page know. */
    @ControllerAdvice(annotations = Controller.class)
    static final class OnEveryPage {

        @ModelAttribute("reader")
        Reader reader(@Nullable Authentication who) {
            return of(who);
        }
    }
}
