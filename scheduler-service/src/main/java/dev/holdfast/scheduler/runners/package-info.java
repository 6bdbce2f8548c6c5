/**
 * Who serves which stanza: every instance reads all announcements for itself.
 *
 * <p>Reads {@code holdfast.runners}; answers {@code stanza}'s question whether anybody knows a stanza; writes nothing.
 */
@NullMarked
package dev.holdfast.scheduler.runners;

import org.jspecify.annotations.NullMarked;
