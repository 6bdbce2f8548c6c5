/** Tests of what lies in PostgreSQL. */
@NullMarked
package dev.holdfast.catalog.store;

import org.jspecify.annotations.NullMarked;
