package dev.holdfast.scheduler.access;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Says in the OpenAPI description how callers prove who they are. */
@Configuration(proxyBeanMethods = false)
class AccessDescription {

    private static final String TOKEN = "bearer";
    private static final String CERTIFICATE = "certificate";

    @Bean
    OpenApiCustomizer securitySchemes(AccessSettings settings, Ways ways) {
        return api -> {
            if (api.getComponents() == null) {
                api.setComponents(new Components());
            }
            if (ways.oidc()) {
                api.getComponents()
                        .addSecuritySchemes(
                                TOKEN,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description("a token that %s has issued for the audience %s"
                                                .formatted(
                                                        settings.oidc().issuer(),
                                                        settings.oidc().audience())));
                api.addSecurityItem(new SecurityRequirement().addList(TOKEN));
            }
            if (ways.certificate()) {
                api.getComponents()
                        .addSecuritySchemes(
                                CERTIFICATE,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.MUTUALTLS)
                                        .description("a client certificate whose subject has a role"));
                api.addSecurityItem(new SecurityRequirement().addList(CERTIFICATE));
            }
        };
    }
}
