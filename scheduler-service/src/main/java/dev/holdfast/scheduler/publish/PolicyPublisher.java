package dev.holdfast.scheduler.publish;

import dev.holdfast.scheduler.policy.PolicyVersions;
import dev.holdfast.schemas.Causation;
import dev.holdfast.schemas.EventRecords;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.kafka.core.KafkaTemplate;

/** Publishes a policy's new version and the fact of its change in one transaction: never one without the other. */
public final class PolicyPublisher {

    private final KafkaTemplate<String, SpecificRecord> template;

    /** A publisher through a template whose producers are transactional. */
    public PolicyPublisher(KafkaTemplate<String, SpecificRecord> template) {
        this.template = template;
    }

    /**
     * Publishes both and waits until the transaction is committed.
     *
     * @throws NotPublishedException if it could not be
     */
    public void publish(PolicyVersions.Change change) {
        try {
            template.executeInTransaction(operations -> {
                operations
                        .send(EventRecords.of(change.policy(), Causation.none()))
                        .join();
                operations
                        .send(EventRecords.of(change.changed(), Causation.by(change.policy())))
                        .join();
                return true;
            });
        } catch (RuntimeException e) {
            throw new NotPublishedException(
                    "the policy of %s was not published: %s"
                            .formatted(change.policy().getStanza(), e.getMessage()),
                    e);
        }
    }
}
