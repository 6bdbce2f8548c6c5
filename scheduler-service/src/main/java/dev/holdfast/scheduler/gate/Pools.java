package dev.holdfast.scheduler.gate;

import dev.holdfast.events.RequestKind;
import java.util.Optional;
import java.util.Set;

/** Which pools live, as their members announce it. */
public interface Pools {

    /** The pools of which a member was heard lately; empty while that is not known yet. */
    Optional<Set<String>> alive(RequestKind kind);
}
