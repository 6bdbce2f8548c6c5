/**
 * Evidence: what a test read, did and found, signed, so that it can be checked years later with a public key alone.
 *
 * <p>Reads a finished report. Decides nothing. Writes an in-toto Statement in a DSSE envelope, and once, at the first
 * start, the validator's Ed25519 key.
 */
@NullMarked
package dev.holdfast.validator.evidence;

import org.jspecify.annotations.NullMarked;
