package dev.holdfast.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.apache.avro.LogicalTypes;
import org.junit.jupiter.api.Test;

class TrustedClassesTest {

    @Test
    void avroFindsItByItself() {
        assertThat(ServiceLoader.load(LogicalTypes.LogicalTypeFactory.class))
                .hasAtLeastOneElementOfType(TrustedClasses.class);
    }
}
