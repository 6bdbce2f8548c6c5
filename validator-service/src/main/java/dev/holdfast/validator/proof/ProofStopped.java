package dev.holdfast.validator.proof;

/** A proof cannot go on; its conclusion is known. Thrown by the ports and by the steps, caught once by {@link RestoreProof}. */
public final class ProofStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Conclusion conclusion;

    /** Ends the proof. */
    public ProofStopped(Reason reason, String message) {
        super(reason + ": " + message);
        this.conclusion = new Conclusion(reason, message);
    }

    /** Ends the proof with what is known already. */
    ProofStopped(Conclusion conclusion) {
        super(conclusion.reason() + ": " + conclusion.message());
        this.conclusion = conclusion;
    }

    /** Ends the proof because of an error of the machinery. */
    public ProofStopped(Reason reason, String message, Throwable cause) {
        super(reason + ": " + message, cause);
        this.conclusion = new Conclusion(reason, message);
    }

    /** How the test ends. */
    public Conclusion conclusion() {
        return conclusion;
    }
}
