/** Tests of this room. */
@NullMarked
package dev.holdfast.runner.repository;

import org.jspecify.annotations.NullMarked;
