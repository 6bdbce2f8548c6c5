/**
 * Who may come in over HTTP: how callers prove who they are, what each role may do, and the record of who asked what.
 *
 * <p>The classes listed in {@code AccessTwinsTest} are the same in scheduler and catalog, and that test keeps them so
 * (docs/decisions/0011). {@link dev.holdfast.scheduler.access.AccessRoom} holds this service's own table of roles.
 */
@NullMarked
package dev.holdfast.scheduler.access;

import org.jspecify.annotations.NullMarked;
