package dev.holdfast.catalog.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The catalog as a client of the identity provider ({@code holdfast.access.login.*}; docs/security.md has the variables).
 *
 * @param clientId client that people log in with in a browser; empty for none
 * @param clientSecret its secret; empty for a public client
 */
@ConfigurationProperties("holdfast.access.login")
record LoginSettings(
        @DefaultValue("") String clientId, @DefaultValue("") String clientSecret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "client '%s'".formatted(clientId);
    }
}
