/**
 * When a schedule is due: five cron fields in a time zone, with Debian cron's rule for the hours that daylight saving
 * skips or repeats.
 *
 * <p>Reads an expression and a zone; decides the instants; writes nothing. Plain Java.
 */
@NullMarked
package dev.holdfast.scheduler.cron;

import org.jspecify.annotations.NullMarked;
