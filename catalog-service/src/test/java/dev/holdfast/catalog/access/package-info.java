/** The border's parts, each alone. */
@NullMarked
package dev.holdfast.catalog.access;

import org.jspecify.annotations.NullMarked;
