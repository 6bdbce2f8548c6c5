package dev.holdfast.runner.publish;

import dev.holdfast.events.RunnerAnnounced;
import dev.holdfast.schemas.Causation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Says who lives and serves what. The scheduler calls a stanza unknown that nobody announces. */
public final class Announcer {

    private final FactLog log;
    private final Signature signature;
    private final List<String> stanzas;
    private final int maxConcurrent;
    private final Supplier<Map<String, String>> versions;

    /**
     * @param versions versions that matter, asked each time
     */
    public Announcer(
            FactLog log,
            Signature signature,
            List<String> stanzas,
            int maxConcurrent,
            Supplier<Map<String, String>> versions) {
        this.log = log;
        this.signature = signature;
        this.stanzas = List.copyOf(stanzas);
        this.maxConcurrent = maxConcurrent;
        this.versions = versions;
    }

    /**
     * Announces the runner.
     *
     * @throws InterruptedException if the runner stops meanwhile
     */
    public void announce() throws InterruptedException {
        log.send(eventOf(signature, stanzas, maxConcurrent, versions.get()), Causation.none(), Optional.empty());
    }

    /**
     * What is said.
     *
     * @param signature whose event it is
     * @param stanzas those that are served
     * @param maxConcurrent how many backups at the same time
     * @param versions versions that matter
     */
    public static RunnerAnnounced eventOf(
            Signature signature, List<String> stanzas, int maxConcurrent, Map<String, String> versions) {
        return RunnerAnnounced.newBuilder()
                .setEventId(signature.newEventId())
                .setOccurredAt(signature.now())
                .setProducer(signature.producer())
                .setService(Signature.SERVICE)
                .setPool(signature.pool())
                .setInstance(signature.instance())
                .setStanzas(stanzas)
                .setVersions(versions)
                .setMaxConcurrent(maxConcurrent)
                .build();
    }
}
