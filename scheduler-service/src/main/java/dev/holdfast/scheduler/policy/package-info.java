/**
 * Policies as people write them: YAML in, the contract's {@code PolicyDefinition} out, and back.
 *
 * <p>Reads text; decides whether it is a policy, naming line and field of everything that is wrong; writes the canonical
 * text, whose digest identifies a version. The contract's records are plain values and serve as the domain's: a second
 * set that says the same would only drift from them.
 */
@NullMarked
package dev.holdfast.scheduler.policy;

import org.jspecify.annotations.NullMarked;
