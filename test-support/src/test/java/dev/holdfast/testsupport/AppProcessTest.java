package dev.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AppProcessTest {

    @Test
    void anAppThatIsNotPackagedIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> AppProcess.of("no-such-service").start())
                .hasMessageContaining("no-such-service.jar is not there")
                .hasMessageContaining("./mvnw -Dquick -pl no-such-service -am package");
    }
}
