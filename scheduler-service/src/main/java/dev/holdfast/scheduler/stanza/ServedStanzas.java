package dev.holdfast.scheduler.stanza;

import dev.holdfast.events.RequestKind;
import java.util.Optional;

/** Who serves what, as runners and validators announce it. */
public interface ServedStanzas {

    /** False until all announcements that there are have been read: until then nobody can be called missing. */
    boolean isComplete();

    /**
     * True if somebody has announced to serve the stanza.
     *
     * @param kind a runner's work or a validator's
     * @param pool only members of this pool count; empty for any
     */
    boolean isServed(String stanza, RequestKind kind, Optional<String> pool);

    /** As {@link #isServed}, by somebody who was heard of lately. */
    boolean isAlive(String stanza, RequestKind kind, Optional<String> pool);

    /**
     * The pool whose members will serve a request of the stanza: the one named, or of those that announce the stanza the
     * first by name, one that lives before one that was not heard of lately; empty if nobody has announced to serve it.
     *
     * @param named empty for any
     */
    Optional<String> poolFor(String stanza, RequestKind kind, Optional<String> named);

    /** Who was heard of lately, for people. */
    String describe(RequestKind kind);
}
