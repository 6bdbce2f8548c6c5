/** Tests of the runner: of its rooms, and of the packaged runner against a real Kafka, PostgreSQL and pgBackRest. */
@NullMarked
package dev.holdfast.runner;

import org.jspecify.annotations.NullMarked;
