package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an image says of itself. */
class ImagesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUILD =
            Path.of(System.getProperty("holdfast.root"), "deploy/images/build").toString();

    @BeforeAll
    static void current() {
        Command.output(List.of(BUILD, "scheduler", "runner", "catalog", "cli", "registry", "postgres"));
    }

    @ParameterizedTest
    @CsvSource({"scheduler, app/lib", "runner, app/lib", "catalog, app/lib", "cli, app/lib", "registry, app"})
    void theListOfMaterialsHasEveryJarOfTheImageAndNoOther(String image, String folder) throws IOException {
        List<String> jars = in(image, "find /opt/holdfast/%s -name '*.jar' -exec sha256sum {} +".formatted(folder))
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .toList();

        JsonNode bill = JSON.readTree(in(image, "cat /usr/share/doc/holdfast/sbom.json"));

        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(StreamSupport.stream(bill.path("components").spliterator(), false)
                        .map(ImagesIT::digest))
                .containsExactlyInAnyOrderElementsOf(jars);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sandbox:15", "postgres:15"})
    void theListOfMaterialsHasEveryPackageOfDebian(String image) throws IOException {
        List<String> packages = in(image, "dpkg-query --show --showformat '${Package} ${Version}\\n'")
                .lines()
                .toList();

        JsonNode bill = JSON.readTree(in(image, "cat /usr/share/doc/holdfast/sbom.json"));

        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(StreamSupport.stream(bill.path("components").spliterator(), false)
                        .map(component -> component.path("name").asText() + " "
                                + component.path("version").asText()))
                .hasSizeGreaterThan(50)
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runner", "catalog", "cli", "registry"})
    void theLabelsSayWhatItIsAndWhereItComesFrom(String image) throws IOException {
        JsonNode labels =
                JSON.readTree(docker("image", "inspect", "--format", "{{json .Config.Labels}}", "holdfast/" + image));

        for (String name : List.of("title", "version", "revision", "source", "created", "licenses")) {
            assertThat(labels.path("org.opencontainers.image." + name).asText())
                    .as("%s of %s", name, labels)
                    .isNotBlank();
        }
        assertThat(labels.path("org.opencontainers.image.version").asText()).doesNotContain("SNAPSHOT");
        assertThat(labels.path("org.opencontainers.image.licenses").asText()).isEqualTo("Apache-2.0");
    }

    @Test
    void theCommandLineRunsAsItIs() {
        assertThat(docker("run", "--rm", "--network", "none", "--read-only", "holdfast/cli", "--version"))
                .startsWith("holdfast ");
    }

    @Test
    void whatIsOursIsTheSameWheneverItIsBuilt() {
        assertThat(Command.output(List.of(BUILD, "--check", "cli")))
                .contains("reproducible: holdfast/cli:", "layer sha256:");
    }

    private static String digest(JsonNode component) {
        return StreamSupport.stream(component.path("hashes").spliterator(), false)
                .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                .map(hash -> hash.path("content").asText())
                .findFirst()
                .orElse("none for " + component.path("purl").asText());
    }

    private static String in(String image, String script) {
        return docker("run", "--rm", "--network", "none", "--entrypoint", "sh", "holdfast/" + image, "-c", script);
    }

    private static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Command.output(command);
    }
}
