/** Tests without a broker or a registry; those with real ones are in the module test-support. */
@NullMarked
package dev.holdfast.schemas;

import org.jspecify.annotations.NullMarked;
