package dev.holdfast.cli.kafka;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.schemas.ContractProvisioner;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.PlannedTopic;
import java.util.List;

/** The topics of the contract on a broker, looked at and made. */
public final class ContractTopics {

    private final KafkaConnection connection;

    /** Those of this Kafka. */
    public ContractTopics(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * How they are there; changes nothing.
     *
     * @throws CommandFailure if Kafka cannot be reached or does not say
     */
    public List<PlannedTopic> plan() {
        Reachability.checkKafka(connection);
        try {
            return new ContractProvisioner(connection).planTopics();
        } catch (IllegalStateException e) {
            throw CommandFailure.bad(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Makes those that are missing, and leaves the others alone.
     *
     * @throws CommandFailure if Kafka cannot be reached or refuses, or one that is there cannot serve
     */
    public void make() {
        Reachability.checkKafka(connection);
        try {
            new ContractProvisioner(connection).provisionTopics();
        } catch (IllegalStateException e) {
            throw CommandFailure.bad(String.valueOf(e.getMessage()));
        }
    }
}
