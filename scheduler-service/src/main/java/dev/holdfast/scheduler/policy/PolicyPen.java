package dev.holdfast.scheduler.policy;

/**
 * The right to change policies. One copy of the scheduler has it at a time, so that no two versions of a policy are made of
 * the same older one.
 */
public interface PolicyPen {

    /** Takes it, unless this copy has it already. Once this returns, the book knows all that the others have written. */
    void take();

    /**
     * Writes a change, whole or not at all.
     *
     * @return false if another copy has taken the pen meanwhile: then nothing is written
     */
    boolean write(PolicyVersions.Change change);
}
