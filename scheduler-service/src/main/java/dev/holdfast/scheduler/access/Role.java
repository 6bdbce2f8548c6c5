package dev.holdfast.scheduler.access;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a caller may do. */
enum Role {
    /** Reads. */
    VIEWER,
    /** Asks for backups and restore tests, and reads. */
    REQUESTER,
    /** Changes policies, pauses them, has the catalog rebuilt; and all that a requester may. */
    OPERATOR,
    /** Takes whole lists away, reads who asked what, and reads. */
    AUDITOR;

    private static final String PREFIX = "ROLE_";

    /** This role and those that it holds. */
    private Stream<Role> all() {
        return switch (this) {
            case VIEWER -> Stream.of(VIEWER);
            case REQUESTER -> Stream.of(VIEWER, REQUESTER);
            case OPERATOR -> Stream.of(VIEWER, REQUESTER, OPERATOR);
            case AUDITOR -> Stream.of(VIEWER, AUDITOR);
        };
    }

    /** The role of this name, in any case; empty for a word that means something else. */
    static Optional<Role> named(String name) {
        return Stream.of(values())
                .filter(role -> role.word().equalsIgnoreCase(name))
                .findFirst();
    }

    /** How people and identity providers write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What Spring Security calls these roles and those that they hold. */
    static List<GrantedAuthority> authorities(Collection<Role> roles) {
        return roles.stream()
                .flatMap(Role::all)
                .distinct()
                .sorted()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(PREFIX + role.name()))
                .toList();
    }

    /** The roles among authorities, for people: {@code viewer, requester}. */
    static String words(Collection<? extends GrantedAuthority> authorities) {
        return authorities.stream()
                .map(authority -> String.valueOf(authority.getAuthority()))
                .filter(authority -> authority.startsWith(PREFIX))
                .map(authority -> authority.substring(PREFIX.length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
