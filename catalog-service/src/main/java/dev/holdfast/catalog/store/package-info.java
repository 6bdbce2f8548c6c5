/**
 * Store: the projection in PostgreSQL.
 *
 * <p>Reads and writes the schema {@code holdfast}; decides nothing about events: how each type is folded in stands in {@code fold/<Type>.sql},
 * and the states that follow from it in {@code db/migration}.
 */
@NullMarked
package dev.holdfast.catalog.store;

import org.jspecify.annotations.NullMarked;
