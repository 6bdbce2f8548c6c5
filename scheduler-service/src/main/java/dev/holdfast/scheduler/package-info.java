/**
 * The scheduler: decides when a backup or a restore test is asked for, and says so when nobody answers.
 *
 * <p>Reads policies, requests and all facts about them; decides what is due, overdue or broken; writes requests and the facts
 * about schedules. One stanza's whole state lies in one task of a Kafka Streams application: firing and remembering that it
 * fired are one transaction.
 *
 * <p>Rooms: {@code cron}, {@code policy}, {@code slot}, {@code stanza} and {@code gate} decide, in plain Java. {@code streams}, {@code
 * intake}, {@code runners}, {@code publish} and {@code web} are the edges and do not know each other; {@code log} tells edges
 * where a topic ends. {@link dev.holdfast.scheduler.SchedulerApplication} wires them.
 */
@NullMarked
package dev.holdfast.scheduler;

import org.jspecify.annotations.NullMarked;
