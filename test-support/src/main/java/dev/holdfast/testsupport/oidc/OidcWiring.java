package dev.holdfast.testsupport.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/** The parts of {@link OidcServer}: filters alone, on their own Tomcat. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class OidcWiring {

    private static final String PLAIN = "{noop}";

    /** What one server is made of. */
    record Content(int port, String issuer, RSAKey key, Map<String, List<String>> roles, String application) {}

    @Bean
    TomcatServletWebServerFactory tomcat(Content content) {
        TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(content.port());
        tomcat.setAddress(InetAddress.getLoopbackAddress());
        // without any servlet Tomcat answers 404 before it asks a filter
        tomcat.setRegisterDefaultServlet(true);
        return tomcat;
    }

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http) {
        return http.oauth2AuthorizationServer(server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    server.oidc(Customizer.withDefaults());
                })
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain login(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users(Content content) {
        return new InMemoryUserDetailsManager(content.roles().keySet().stream()
                .map(name -> User.withUsername(name)
                        .password(PLAIN + OidcServer.SECRET)
                        .build())
                .toList());
    }

    @Bean
    RegisteredClientRepository clients(Content content) {
        List<RegisteredClient> clients = new ArrayList<>();
        content.roles()
                .keySet()
                .forEach(name -> clients.add(client(name)
                        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                        .build()));
        clients.add(client(OidcServer.BROWSER_CLIENT)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(content.application() + "/login/oauth2/code/holdfast")
                .postLogoutRedirectUri(content.application() + "/")
                .scope(OidcScopes.OPENID)
                .build());
        return new InMemoryRegisteredClientRepository(clients);
    }

    private static RegisteredClient.Builder client(String id) {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientSecret(PLAIN + OidcServer.secretOf(id))
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(Duration.ofMinutes(10))
                        .build());
    }

    @Bean
    AuthorizationServerSettings settings(Content content) {
        return AuthorizationServerSettings.builder().issuer(content.issuer()).build();
    }

    @Bean
    JWKSource<SecurityContext> keys(Content content) {
        return new ImmutableJWKSet<>(new JWKSet(content.key()));
    }

    /** For the tokens that clients show to the server itself. */
    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
        return NimbusJwtDecoder.withJwkSource(keys).build();
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> roles(Content content) {
        return token -> {
            String name =
                    Objects.requireNonNull(token.<Authentication>getPrincipal()).getName();
            token.getClaims().claim("roles", content.roles().getOrDefault(name, List.of()));
            if (token.getTokenType().getValue().equals("access_token")) {
                token.getClaims().audience(List.of(OidcServer.AUDIENCE));
            }
        };
    }
}
