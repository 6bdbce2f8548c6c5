/**
 * The catalog's figures: its projection, its queries and what it withstands.
 *
 * <p>Each figure brings a broker, a registry and a PostgreSQL of its own, starts the packaged catalog over them, and prints its lines itself; what
 * it is held against runs in the same process's turn, over the same topics and the same PostgreSQL.
 */
@NullMarked
package dev.holdfast.bench.catalog;

import org.jspecify.annotations.NullMarked;
