package dev.holdfast.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every overlay, and components that no overlay has, by every rule and against what it made when it was last looked at.
 *
 * <p>After a change that is meant: {@code ./mvnw -pl deploy/kubernetes test -Dtest=OverlayTest -Dholdfast.rewrite=true}, and read the difference.
 */
class OverlayTest {

    private static final boolean REWRITE = Boolean.getBoolean("holdfast.rewrite");

    static Stream<Path> folders() throws IOException {
        try (Stream<Path> overlays = Files.list(Manifests.HOME.resolve("overlays"));
                Stream<Path> compositions = Files.list(Manifests.HOME.resolve("src/test/compositions"))) {
            return Stream.concat(overlays, compositions).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyRuleHolds(Path folder) {
        assertThat(Rules.complaints(Manifests.of(folder))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void itMakesWhatItMadeWhenItWasLastLookedAt(Path folder) throws IOException {
        Path golden = Manifests.HOME.resolve("src/test/golden").resolve(folder.getFileName() + ".yaml");
        Manifests made = Manifests.of(folder);
        if (REWRITE) {
            Files.writeString(golden, made.text());
        }
        // as values: another version of kubectl may write the same in another way
        assertThat(made.resources())
                .as("%s; if the change is meant: -Dholdfast.rewrite=true", golden)
                .containsExactlyInAnyOrderElementsOf(
                        Manifests.parse(Files.readString(golden)).resources());
    }

    @Test
    void portsAreTheServicesOwn() {
        assertThat(SettingRules.portsOfTheServices())
                .containsEntry("scheduler", 8081)
                .containsEntry("runner", 8082)
                .containsEntry("validator", 8083)
                .containsEntry("catalog", 8080);
    }

    @Test
    void theImagesAreOfThisVersion() throws IOException {
        String version = Files.readString(Manifests.ROOT.resolve("pom.xml"))
                .lines()
                .filter(line -> line.startsWith("  <version>"))
                .findFirst()
                .orElseThrow()
                .replaceAll("</?version>|-SNAPSHOT", "")
                .strip();

        assertThat(Manifests.of(Manifests.HOME.resolve("overlays/dev")).pods().stream()
                        .flatMap(pod -> pod.containers().stream())
                        .map(container -> container.path("image").asText())
                        .filter(image -> image.startsWith("holdfast/") && !image.startsWith("holdfast/postgres:")))
                .isNotEmpty()
                .allMatch(image -> image.endsWith(":" + version));
    }
}
