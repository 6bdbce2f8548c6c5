/**
 * Evidence of restore tests, checked offline: reads a DSSE envelope and a public key, decides whether the signature holds,
 * writes nothing.
 */
@NullMarked
package dev.holdfast.cli.evidence;

import org.jspecify.annotations.NullMarked;
