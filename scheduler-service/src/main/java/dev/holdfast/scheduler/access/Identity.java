package dev.holdfast.scheduler.access;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/** What a token's claims or a certificate's subject mean: a name and roles. */
final class Identity {

    private final AccessSettings settings;

    Identity(AccessSettings settings) {
        this.settings = settings;
    }

    /** For bearer tokens that were verified. */
    JwtAuthenticationConverter tokens() {
        JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
        converter.setPrincipalClaimName(settings.oidc().nameClaim());
        converter.setJwtGrantedAuthoritiesConverter(token -> authorities(token.getClaims()));
        return converter;
    }

    /** The roles that an identity provider's claims give. Words that are no role of Holdfast are passed over. */
    List<GrantedAuthority> authorities(Map<String, Object> claims) {
        String prefix = settings.oidc().rolesPrefix();
        return Role.authorities(words(claim(claims, settings.oidc().rolesClaim()))
                .filter(word -> word.startsWith(prefix))
                .flatMap(word -> Role.named(word.substring(prefix.length())).stream())
                .toList());
    }

    /** A claim by its own name, which may hold dots itself, or else by its path. */
    private static @Nullable Object claim(Map<?, ?> claims, String name) {
        Object whole = claims.get(name);
        int dot = name.indexOf('.');
        return whole == null && dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> nested
                ? claim(nested, name.substring(dot + 1))
                : whole;
    }

    private static Stream<String> words(@Nullable Object claim) {
        return switch (claim) {
            case Collection<?> list -> list.stream().map(String::valueOf);
            case String text -> Arrays.stream(text.split("[ ,]+", -1));
            case null, default -> Stream.empty();
        };
    }

    /** The name of a certificate's holder. */
    static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** The holder of a certificate that the TLS layer has verified; without any role if nothing is said of that subject. */
    UserDetails holder(String subject) {
        Optional<LdapName> name = name(subject);
        Set<Role> roles = settings.certificates().stream()
                .filter(certificate -> name.isPresent() && name.equals(name(certificate.subject())))
                .map(AccessSettings.Certificate::roles)
                .findFirst()
                .orElse(Set.of());
        return User.withUsername(subject)
                .password("")
                .authorities(Role.authorities(Objects.requireNonNull(roles)))
                .build();
    }

    /** Compared as names, so that spaces and the case of attribute types don't matter. */
    private static Optional<LdapName> name(String subject) {
        try {
            return Optional.of(new LdapName(subject));
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException(
                    "'%s' is no distinguished name; expected one such as CN=alice,O=Example".formatted(subject), e);
        }
    }
}
