package dev.holdfast.scheduler.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class WaysTest {

    private final Map<String, String> settings = new HashMap<>(Map.of("server.address", "127.0.0.1"));

    @Test
    void onLoopbackNobodyHasToLogIn() {
        assertThat(ways().isOpen()).isTrue();
        settings.put("server.address", "::1");
        assertThat(ways().isOpen()).isTrue();
    }

    @Test
    void anAddressThatOthersReachIsRefusedWithWhatToSet() {
        settings.put("server.address", "0.0.0.0");
        assertThatThrownBy(this::ways)
                .isInstanceOfSatisfying(
                        UnguardedException.class,
                        refused -> assertThat(refused.action())
                                .contains(
                                        "HOLDFAST_OIDC_ISSUER",
                                        "SERVER_SSL_CLIENTAUTH=need",
                                        "HOLDFAST_BIND=127.0.0.1"))
                .hasMessageContaining("0.0.0.0 (HOLDFAST_BIND)");
    }

    @Test
    void aContainerThatIsPublishedOnLoopbackIsOpenOnlyIfThatIsSaid() {
        settings.put("server.address", "0.0.0.0");
        assertThatThrownBy(this::ways)
                .isInstanceOfSatisfying(
                        UnguardedException.class,
                        refused -> assertThat(refused.action()).contains("HOLDFAST_LOOPBACK_BEFORE=true"));

        settings.put("holdfast.access.loopback-before", "true");

        assertThat(ways().isOpen()).isTrue();
    }

    @Test
    void whatIsPublishedOnLoopbackStillAsksWhereALoginIsSetUp() {
        oidc();
        settings.put("server.address", "0.0.0.0");
        settings.put("holdfast.access.loopback-before", "true");

        assertThat(ways()).isEqualTo(new Ways(true, false));
    }

    @Test
    void noAddressMeansEveryAddressAndIsRefusedToo() {
        settings.remove("server.address");
        assertThatThrownBy(this::ways).hasMessageContaining("every address");
    }

    @Test
    void encryptionAloneIsNoLogin() {
        settings.put("server.address", "192.0.2.7");
        settings.put("server.ssl.certificate", "server.pem");
        assertThatThrownBy(this::ways).isInstanceOf(UnguardedException.class);
    }

    @Test
    void tokensDoNotTravelInTheClear() {
        oidc();
        settings.put("server.address", "192.0.2.7");
        assertThatThrownBy(this::ways).hasMessageContaining("without TLS");
        settings.put("holdfast.access.tls-before", "true");
        assertThat(ways()).isEqualTo(new Ways(true, false));
    }

    @Test
    void aProviderWithoutAnAudienceIsRefused() {
        settings.put("holdfast.access.oidc.issuer", "https://id.example");
        assertThatThrownBy(this::ways).rootCause().hasMessageContaining("HOLDFAST_OIDC_AUDIENCE");
    }

    @Test
    void certificatesOfHoldersWithoutAnyRoleAreRefused() {
        settings.put("server.ssl.client-auth", "need");
        assertThatThrownBy(this::ways).hasMessageContaining("no holder has a role");
        holder("CN=alice", "viewer");
        settings.put("server.address", "192.0.2.7");
        assertThat(ways()).isEqualTo(new Ways(false, true));
    }

    @Test
    void aRoleThatDoesNotExistIsRefused() {
        holder("CN=alice", "emperor");
        assertThatThrownBy(this::ways).hasStackTraceContaining("emperor");
    }

    private void oidc() {
        settings.put("holdfast.access.oidc.issuer", "https://id.example");
        settings.put("holdfast.access.oidc.audience", "holdfast");
    }

    private void holder(String subject, String roles) {
        settings.put("holdfast.access.certificates[0].subject", subject);
        settings.put("holdfast.access.certificates[0].roles", roles);
    }

    private Ways ways() {
        Binder binder = new Binder(new MapConfigurationPropertySource(settings));
        return Ways.of(
                binder.bindOrCreate("holdfast.access", AccessSettings.class),
                binder.bindOrCreate("server", ServerProperties.class));
    }
}
