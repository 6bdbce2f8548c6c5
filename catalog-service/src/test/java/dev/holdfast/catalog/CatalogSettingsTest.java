package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CatalogSettingsTest {

    @Test
    void theDefaultsAreTheOnesOfTheReadme() {
        CatalogSettings settings = bound(Map.of("catalog.db.user", "holdfast"));

        assertThat(settings.db().url()).isEqualTo("jdbc:postgresql://127.0.0.1:5433/holdfast");
        assertThat(settings.queryLimit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.projector()).isTrue();
    }

    @Test
    void aDatabaseThatIsNotPostgresqlIsRefused() {
        assertThatThrownBy(() -> bound(Map.of("catalog.db.url", "jdbc:h2:mem:x")))
                .rootCause()
                .hasMessageContaining("expected jdbc:postgresql://");
    }

    @Test
    void thePasswordIsInNoText() {
        CatalogSettings settings = bound(Map.of("catalog.db.password", "s3cret"));

        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    private static CatalogSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("catalog", CatalogSettings.class)
                .get();
    }
}
