/**
 * What tests need from the real world: a Kafka broker, a schema registry, PostgreSQL clusters, pgBackRest repositories,
 * packaged apps as processes.
 *
 * <p>Reads the programs that {@code deploy/local/prepare} installed; decides nothing; writes only into temporary
 * folders, which it removes. Everything listens on loopback, on free ports, and is stopped when the JVM ends at the latest.
 */
@NullMarked
package dev.holdfast.testsupport;

import org.jspecify.annotations.NullMarked;
