package dev.holdfast.scheduler.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    @Test
    void eachRoleHoldsThoseBelowIt() {
        assertThat(Role.words(Role.authorities(Set.of(Role.VIEWER)))).isEqualTo("viewer");
        assertThat(Role.words(Role.authorities(Set.of(Role.REQUESTER)))).isEqualTo("viewer, requester");
        assertThat(Role.words(Role.authorities(Set.of(Role.OPERATOR)))).isEqualTo("viewer, requester, operator");
        assertThat(Role.words(Role.authorities(Set.of(Role.AUDITOR)))).isEqualTo("viewer, auditor");
    }

    @Test
    void rolesMayBeAListOrWordsAndOthersArePassedOver() {
        assertThat(roles("roles", "", Map.of("roles", List.of("Operator", "cook", 7))))
                .isEqualTo("viewer, requester, operator");
        assertThat(roles("roles", "", Map.of("roles", "auditor,cook requester")))
                .isEqualTo("viewer, requester, auditor");
        assertThat(roles("roles", "", Map.of("roles", 7))).isEmpty();
        assertThat(roles("roles", "", Map.of())).isEmpty();
    }

    @Test
    void theClaimMayBeNestedOrHaveDotsInItsName() {
        assertThat(roles("realm_access.roles", "", Map.of("realm_access", Map.of("roles", List.of("viewer")))))
                .isEqualTo("viewer");
        assertThat(roles("https://example.org/roles", "", Map.of("https://example.org/roles", List.of("viewer"))))
                .isEqualTo("viewer");
        assertThat(roles("a.b", "", Map.of("a", "viewer"))).isEmpty();
    }

    @Test
    void withAPrefixOtherApplicationsRolesAreNotOurs() {
        assertThat(roles("groups", "holdfast-", Map.of("groups", List.of("holdfast-viewer", "operator"))))
                .isEqualTo("viewer");
    }

    private static String roles(String claim, String prefix, Map<String, Object> claims) {
        return Role.words(
                new Identity(settings(new AccessSettings.Oidc("https://id.example", "holdfast", claim, prefix, "sub")))
                        .authorities(claims));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=alice,O=Example | requester, viewer",
                "cn=alice, o=Example | requester, viewer",
                "CN=alice | ''",
                "CN=alice,O=Example,C=DE | ''",
                "'CN=alice\\,O=Example' | ''",
                "O=Example,CN=alice | ''"
            })
    void onlyTheVerySubjectHasTheRoles(String subject, String roles) {
        AccessSettings.Oidc none = new AccessSettings.Oidc("", "", "roles", "", "sub");
        AccessSettings settings = new AccessSettings(
                none,
                List.of(new AccessSettings.Certificate("CN=alice,O=Example", Set.of(Role.REQUESTER))),
                Set.of(),
                false,
                false,
                20,
                100,
                "");
        assertThat(Role.words(new Identity(settings).holder(subject).getAuthorities()))
                .isEqualTo(roles);
    }

    private static AccessSettings settings(AccessSettings.Oidc oidc) {
        return new AccessSettings(oidc, List.of(), Set.of(), false, false, 20, 100, "");
    }
}
