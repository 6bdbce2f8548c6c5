package dev.holdfast.scheduler.policy;

import dev.holdfast.events.PolicyDefinition;

/**
 * A valid policy that somebody wrote.
 *
 * @param stanza whose policy it is
 * @param definition what it says
 */
public record PolicyDraft(String stanza, PolicyDefinition definition) {

    /** SHA-256 of the canonical text, hexadecimal: two drafts with the same digest say the same. */
    public String digest() {
        return PolicyYaml.digest(definition);
    }
}
