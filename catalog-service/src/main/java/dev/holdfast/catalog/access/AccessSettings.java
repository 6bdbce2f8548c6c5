package dev.holdfast.catalog.access;

import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may come in ({@code holdfast.access.*}; docs/security.md has the variables). TLS itself is set with Spring Boot's
 * {@code server.ssl.*}.
 *
 * @param oidc the identity provider; its issuer is empty where there is none
 * @param certificates which roles the holders of client certificates have
 * @param hosts names of this service, beside loopback's own, that a caller may address while nobody logs in
 * @param tlsBefore true if a proxy before this service speaks TLS, so that tokens never travel in the clear
 * @param loopbackBefore true if this service runs in a container whose port is published on its host's loopback, and nobody
 *     else reaches it who may not do everything: as if it were bound to loopback
 * @param perSecond requests of one principal in a second, on average; 0 for no limit
 * @param perAddress requests from one network address in a second, on average, whoever asks; 0 for no limit
 * @param log file that the record of requests is appended to; empty for the service's own log
 */
@ConfigurationProperties("holdfast.access")
record AccessSettings(
        @DefaultValue Oidc oidc,
        @DefaultValue List<Certificate> certificates,
        @DefaultValue Set<String> hosts,
        @DefaultValue("false") boolean tlsBefore,
        @DefaultValue("false") boolean loopbackBefore,
        @DefaultValue("20") double perSecond,
        @DefaultValue("100") double perAddress,
        @DefaultValue("") String log) {

    /** Refuses values that mean nothing. */
    AccessSettings {
        if (perSecond < 0 || perAddress < 0) {
            throw new IllegalArgumentException(
                    "holdfast.access.per-second is %s and per-address %s; expected 0 for no limit, or more"
                            .formatted(perSecond, perAddress));
        }
    }

    /**
     * An OpenID Connect provider.
     *
     * @param issuer as in the tokens' {@code iss}; empty for none
     * @param audience which one of a token's {@code aud} means this service
     * @param rolesClaim the claim that lists roles; dots lead into nested claims, such as {@code realm_access.roles}
     * @param rolesPrefix what stands before a role's name in that claim, such as {@code holdfast-}
     * @param nameClaim the claim that names the caller in events and records; must never be given to somebody else
     */
    record Oidc(
            @DefaultValue("") String issuer,
            @DefaultValue("") String audience,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue("") String rolesPrefix,
            @DefaultValue("sub") String nameClaim) {

        /** Refuses half a provider. */
        Oidc {
            if (!issuer.isEmpty() && audience.isEmpty()) {
                throw new IllegalArgumentException(
                        "HOLDFAST_OIDC_ISSUER is '%s', but HOLDFAST_OIDC_AUDIENCE is empty; set it to what the provider writes into aud for this service, or tokens made for others would open it"
                                .formatted(issuer));
            }
        }

        @Override
        public String toString() {
            return "%s for %s".formatted(issuer, audience);
        }
    }

    /**
     * The holder of a client certificate.
     *
     * @param subject its distinguished name as in RFC 2253, such as {@code CN=alice,O=Example}
     * @param roles what the holder may do
     */
    record Certificate(String subject, Set<Role> roles) {}
}
