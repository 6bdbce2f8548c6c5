package dev.holdfast.catalog.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/**
 * The ways in which callers can prove who they are. With none the service is open to this machine, for development.
 *
 * @param oidc by a bearer token, or a login
 * @param certificate by a client certificate
 */
record Ways(boolean oidc, boolean certificate) {

    /**
     * The ways that are set up.
     *
     * @throws UnguardedException if others could come in without saying who they are, or tokens would travel in the clear
     */
    static Ways of(AccessSettings settings, ServerProperties server) {
        boolean tls = Ssl.isEnabled(server.getSsl());
        Ways ways = new Ways(!settings.oidc().issuer().isEmpty(), tls && asksForCertificate(server.getSsl()));
        boolean alone = isLoopback(server.getAddress()) || settings.loopbackBefore();
        if (ways.isOpen() && !alone) {
            throw UnguardedException.open(addressOf(server));
        }
        if (ways.oidc && !alone && !tls && !settings.tlsBefore()) {
            throw UnguardedException.inTheClear(addressOf(server));
        }
        if (ways.certificate && !ways.oidc && settings.certificates().isEmpty()) {
            throw UnguardedException.nobody();
        }
        return ways;
    }

    /** True if nobody is asked who they are. */
    boolean isOpen() {
        return !oidc && !certificate;
    }

    private static boolean asksForCertificate(@Nullable Ssl ssl) {
        return ssl != null && ssl.getClientAuth() != null && ssl.getClientAuth() != Ssl.ClientAuth.NONE;
    }

    /** No address means all of them. */
    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    private static String addressOf(ServerProperties server) {
        InetAddress address = server.getAddress();
        return address == null ? "every address" : address.getHostAddress();
    }
}
