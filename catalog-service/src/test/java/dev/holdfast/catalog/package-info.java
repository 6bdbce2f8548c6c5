/** Tests of the catalog: its rooms, its settings, and the whole against real Kafka and PostgreSQL. */
@NullMarked
package dev.holdfast.catalog;

import org.jspecify.annotations.NullMarked;
