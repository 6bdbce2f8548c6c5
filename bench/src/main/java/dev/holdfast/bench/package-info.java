/**
 * The Java half of {@code bench/run}: what a shell can't time to the millisecond.
 *
 * <p>Reads the topics of a running local stack; decides nothing; writes requests to them, and one line of numbers per
 * measurement to standard output. The statistics are the shell's.
 */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
