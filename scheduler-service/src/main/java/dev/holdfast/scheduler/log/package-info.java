/**
 * Where a topic's readable records end.
 *
 * <p>Reads the tail of partitions; decides nothing; writes nothing.
 */
@NullMarked
package dev.holdfast.scheduler.log;

import org.jspecify.annotations.NullMarked;
