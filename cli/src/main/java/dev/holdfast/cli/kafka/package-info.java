/** The log: reads events from given offsets on, writes requests; decides only what counts as unreachable. */
@NullMarked
package dev.holdfast.cli.kafka;

import org.jspecify.annotations.NullMarked;
