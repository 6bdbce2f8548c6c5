/**
 * Publishing: claims, heartbeats, verdicts and announcements become events.
 *
 * <p>Reads reports. Decides nothing. Writes {@code restore-test.events}, {@code restore-test.progress} and
 * {@code runners}.
 */
@NullMarked
package dev.holdfast.validator.publish;

import org.jspecify.annotations.NullMarked;
