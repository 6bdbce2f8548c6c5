package dev.holdfast.runner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerPulseTest {

    private final AtomicLong received = new AtomicLong(100);
    private final AtomicLong nanos = new AtomicLong();
    private final BrokerPulse pulse = new BrokerPulse(received::get, nanos::get);

    @Test
    void whoeverSaysNothingGrowsSilentFromTheBeginning() {
        pass(Duration.ofSeconds(16));
        pulse.feel();

        assertThat(pulse.silence()).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void anAnswerEndsTheSilence() {
        pass(Duration.ofSeconds(16));
        received.addAndGet(40);
        pulse.feel();
        pass(Duration.ofSeconds(2));

        assertThat(pulse.silence()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void silenceGrowsAlsoWhileNobodyListens() {
        received.addAndGet(40);
        pass(Duration.ofSeconds(20));

        assertThat(pulse.silence()).isEqualTo(Duration.ofSeconds(20));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
