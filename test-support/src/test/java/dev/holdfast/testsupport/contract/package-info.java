/**
 * The contract against the real things. These tests belong to {@code schemas} and live here because they need the
 * fixtures, which depend on it.
 */
@NullMarked
package dev.holdfast.testsupport.contract;

import org.jspecify.annotations.NullMarked;
