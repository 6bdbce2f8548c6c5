package dev.holdfast.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No module but schemas is shared, so the border's parts stand in both services; what is mended in one is mended in both. */
class AccessTwinsTest {

    private static final Path HERE = Path.of("src/main/java/dev/holdfast/catalog/access");
    private static final Path THERE = Path.of("../scheduler-service/src/main/java/dev/holdfast/scheduler/access");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccessDescription",
                "AccessLog",
                "AccessLogController",
                "AccessLogFilter",
                "AccessSettings",
                "BorderFilter",
                "Buckets",
                "Guard",
                "Identity",
                "RateLimit",
                "RefusalPage",
                "Refusals",
                "Role",
                "UnguardedAnalyzer",
                "UnguardedException",
                "Ways"
            })
    void schedulerAndCatalogHaveTheSame(String name) throws IOException {
        String twin = Files.readString(THERE.resolve(name + ".java"));
        assertThat(Files.readString(HERE.resolve(name + ".java")))
                .isEqualTo(twin.replace("dev.holdfast.scheduler.", "dev.holdfast.catalog."));
    }
}
