package dev.holdfast.testsupport;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/**
 * The container engine as tests use it. Containers bear the id of the process that started them, and those whose process
 * is gone are removed by the next test run on the machine.
 */
final class TestContainers {

    private static final String OWNER = "dev.holdfast.test-process";
    private static final String REMEDY = "Run deploy/local/prepare, which starts an engine and builds the image.";

    private static boolean reaped;

    private TestContainers() {}

    /** Labels for every container of a test. */
    static Map<String, String> labels() {
        return Map.of(OWNER, String.valueOf(ProcessHandle.current().pid()));
    }

    /**
     * Makes sure that containers can be started from the image.
     *
     * @throws IllegalStateException if there is no engine or no such image
     */
    static synchronized void require(String image) {
        DockerClient client = client();
        try {
            client.inspectImageCmd(image).exec();
        } catch (NotFoundException e) {
            throw new IllegalStateException("the container engine has no image %s. %s".formatted(image, REMEDY), e);
        }
        if (!reaped) {
            reaped = true;
            removeOrphans(client);
        }
    }

    private static DockerClient client() {
        try {
            return DockerClientFactory.instance().client();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "no container engine answers (%s). %s".formatted(e.getMessage(), REMEDY), e);
        }
    }

    private static void removeOrphans(DockerClient client) {
        List<Container> ours = client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(OWNER))
                .exec();
        for (Container container : ours) {
            long owner = Long.parseLong(container.getLabels().get(OWNER));
            if (ProcessHandle.of(owner).isEmpty()) {
                remove(client, container.getId());
            }
        }
    }

    private static void remove(DockerClient client, String id) {
        try {
            client.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException gone) {
            // another test run removed it in the same moment
            return;
        }
    }
}
