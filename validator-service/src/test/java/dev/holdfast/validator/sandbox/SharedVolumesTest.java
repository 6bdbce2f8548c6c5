package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.validator.proof.RepositoryPlace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedVolumesTest {

    @Test
    void aFolderThatIsNoVolumeIsBoundAsItIs() {
        assertThat(binds(SharedVolumes.none(), "/srv/repo")).containsExactly("/srv/repo:/srv/repo:ro");
        assertThat(binds(SharedVolumes.of("/srv/other=other"), "/srv/repo")).containsExactly("/srv/repo:/srv/repo:ro");
    }

    @Test
    void aFolderThatIsAVolumeIsBoundByTheVolumesName() {
        SharedVolumes volumes = SharedVolumes.of("/var/lib/pgbackrest=holdfast_repository");

        assertThat(binds(volumes, "/var/lib/pgbackrest"))
                .containsExactly("holdfast_repository:/var/lib/pgbackrest:ro,nocopy");
        assertThat(volumes.of(folder("/var/lib/pgbackrest"), Path.of("/ways"))).containsExactly("holdfast_repository");
    }

    @Test
    void aFolderInsideAVolumeComesWithTheWholeVolumeSoThatItsPathHolds() {
        SharedVolumes volumes = SharedVolumes.of("/var/lib/pgbackrest=all, /var/lib/pgbackrest/one=one");

        assertThat(binds(volumes, "/var/lib/pgbackrest/two")).containsExactly("all:/var/lib/pgbackrest:ro,nocopy");
        assertThat(binds(volumes, "/var/lib/pgbackrest/one/deep"))
                .containsExactly("one:/var/lib/pgbackrest/one:ro,nocopy");
        assertThat(binds(volumes, "/var/lib/pgbackrest2"))
                .containsExactly("/var/lib/pgbackrest2:/var/lib/pgbackrest2:ro");
    }

    @Test
    void filesOfOneVolumeAreOneBind() {
        RepositoryPlace place = new RepositoryPlace(
                new RepositoryPlace.Remote(
                        "S3", "s3.example", 443, List.of(Path.of("/keys/ca.crt"), Path.of("/keys/client.crt"))),
                "",
                1,
                1);

        assertThat(SharedVolumes.of("/keys=keys").readOnly(place)).hasSize(1);
    }

    @Test
    void aWayIsBoundWhereItIsToldUnlessItsFolderIsAVolume() {
        Path folder = Path.of("/ways/one");
        Path otherwise = Path.of("/run/way");
        SharedVolumes volumes = SharedVolumes.of("/ways=all-ways");

        assertThat(SharedVolumes.none().way(folder, otherwise)).hasToString("/ways/one:/run/way:ro");
        assertThat(SharedVolumes.none().inside(folder, otherwise)).isEqualTo(otherwise);
        assertThat(volumes.way(folder, otherwise)).hasToString("all-ways:/ways:ro,nocopy");
        assertThat(volumes.inside(folder, otherwise)).isEqualTo(folder);
        assertThat(volumes.of(remote(), Path.of("/ways"))).containsExactly("all-ways");
        assertThat(volumes.of(folder("/srv/repo"), Path.of("/ways"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"repository", "=repository", "/srv=", "srv=repository", "/srv=/etc", "/a:b=c"})
    void whatIsNoFolderAndVolumeIsRefusedAndQuoted(String text) {
        assertThatThrownBy(() -> SharedVolumes.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOLDFAST_SANDBOX_VOLUMES has '%s'".formatted(text));
    }

    private static List<String> binds(SharedVolumes volumes, String path) {
        return volumes.readOnly(folder(path)).stream().map(Object::toString).toList();
    }

    private static RepositoryPlace remote() {
        return new RepositoryPlace(new RepositoryPlace.Remote("S3", "s3.example", 443, List.of()), "", 1, 1);
    }

    private static RepositoryPlace folder(String path) {
        return new RepositoryPlace(new RepositoryPlace.Folder(Path.of(path)), "", 999, 999);
    }
}
