/**
 * The catalog: every event projected into PostgreSQL, and what it says answered over HTTP and as a page.
 *
 * <p>Reads every topic of the contract; writes its own database, and dead letters for fact topics. It asks no other service anything, and its
 * database can be dropped: it is rebuilt from the log.
 *
 * <p>Rooms: {@code intake} (Kafka), {@code store} (PostgreSQL), {@code web} (HTTP) and {@code metrics} (Prometheus) point at {@code history} (what is projected when) and
 * {@code answers} (what can be asked) and do not know each other.
 */
@NullMarked
package dev.holdfast.catalog;

import org.jspecify.annotations.NullMarked;
