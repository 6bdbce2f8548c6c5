package dev.holdfast.validator.proof;

/** Where users write what they demand of the restored content. */
public interface DemandBook {

    /**
     * What is demanded of a stanza's backups, as it is written now.
     *
     * @throws ProofStopped with CONFIGURATION if it cannot be understood
     */
    Demands of(String stanza);
}
