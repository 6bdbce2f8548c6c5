/** Tests of the fixtures, and tests of the contract that need a real broker or registry. */
@NullMarked
package dev.holdfast.testsupport;

import org.jspecify.annotations.NullMarked;
