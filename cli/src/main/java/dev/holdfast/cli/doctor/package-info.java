/**
 * Examines this host: reads pgBackRest's configuration, asks pgBackRest, PostgreSQL and the container engine, and decides what is
 * a mistake; changes nothing. Each finding says what was found, why it matters and the exact fix. What could not be examined is
 * reported as not run. Start reading at {@link dev.holdfast.cli.doctor.HostExamination}.
 */
@NullMarked
package dev.holdfast.cli.doctor;

import org.jspecify.annotations.NullMarked;
