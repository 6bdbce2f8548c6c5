package dev.holdfast.kubernetes;

import java.util.List;

/** Something that must hold of all that is applied together. */
interface Rule {

    /** Whatever breaks it, in words; empty if nothing does. */
    List<String> complaints(Manifests manifests);
}
