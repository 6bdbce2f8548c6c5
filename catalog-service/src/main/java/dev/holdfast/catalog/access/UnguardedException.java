package dev.holdfast.catalog.access;

/** The service must not start like this. Says what was found and what to set. */
final class UnguardedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    private UnguardedException(String message, String action) {
        super(message);
        this.action = action;
    }

    static UnguardedException open(String address) {
        return new UnguardedException(
                "HTTP would listen on %s (HOLDFAST_BIND), where others can reach it, and nobody would have to say who they are."
                        .formatted(address),
                """
                        Set up one of these (docs/security.md has them step by step):
                          OpenID Connect: HOLDFAST_OIDC_ISSUER and HOLDFAST_OIDC_AUDIENCE
                          mutual TLS:     SERVER_SSL_CERTIFICATE, SERVER_SSL_CERTIFICATEPRIVATEKEY, SERVER_SSL_TRUSTCERTIFICATE,
                                          SERVER_SSL_CLIENTAUTH=need, and HOLDFAST_ACCESS_CERTIFICATES_0_SUBJECT and _ROLES
                        or set HOLDFAST_BIND=127.0.0.1, which serves this machine only, or, in a container whose port is published on its \
                        host's loopback and that nobody else reaches, HOLDFAST_LOOPBACK_BEFORE=true.""");
    }

    static UnguardedException inTheClear(String address) {
        return new UnguardedException(
                "HTTP would listen on %s (HOLDFAST_BIND) without TLS, so that tokens would travel in the clear."
                        .formatted(address),
                """
                        Set SERVER_SSL_CERTIFICATE and SERVER_SSL_CERTIFICATEPRIVATEKEY (PEM files), or, if a proxy before this \
                        service speaks TLS and nobody else can reach this address, HOLDFAST_TLS_BEFORE=true.""");
    }

    static UnguardedException nobody() {
        return new UnguardedException(
                "Client certificates are asked for (server.ssl.client-auth), but no holder has a role, so nobody could do anything.",
                "Set HOLDFAST_ACCESS_CERTIFICATES_0_SUBJECT='CN=alice,O=Example' and HOLDFAST_ACCESS_CERTIFICATES_0_ROLES=viewer,requester, and so on with _1_.");
    }

    /** What to do about it. */
    String action() {
        return action;
    }
}
