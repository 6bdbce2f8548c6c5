package dev.holdfast.scheduler.web;

import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Requester;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** The caller as events name it: what was proven at the border, never what a body says. */
final class Caller {

    private Caller() {}

    static Requester of(Authentication who) {
        return new Requester(
                who.getName(),
                switch (who) {
                    case JwtAuthenticationToken token -> PrincipalSource.OIDC;
                    case PreAuthenticatedAuthenticationToken certificate -> PrincipalSource.MUTUAL_TLS;
                    // on loopback nobody proves who they are
                    default -> PrincipalSource.UNKNOWN;
                });
    }
}
