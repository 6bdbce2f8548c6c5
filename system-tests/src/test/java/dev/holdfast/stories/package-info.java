/**
 * Stories over the packaged product, from outside: the apps run as processes with environment variables only, beside a
 * real broker, registry, PostgreSQL, pgBackRest and container engine.
 *
 * <p>Reads every topic from offset 0, the catalog over HTTP, {@code pgbackrest info}, files, containers and processes;
 * decides nothing; writes requests, as any program could that has never seen a class of ours. Nothing here uses the
 * product's own classes: the wire format is read and written by hand.
 */
@NullMarked
package dev.holdfast.stories;

import org.jspecify.annotations.NullMarked;
