/** What became of a request: reads the events of one request in any order, decides its state and whether it is over; writes nothing. */
@NullMarked
package dev.holdfast.cli.follow;

import org.jspecify.annotations.NullMarked;
