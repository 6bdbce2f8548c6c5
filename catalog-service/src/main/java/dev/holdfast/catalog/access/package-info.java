/**
 * Who may come in over HTTP: how callers prove who they are, what each role may do, and the record of who asked what.
 *
 * <p>Most classes here are the same in scheduler and catalog, and {@code AccessTwinsTest} keeps them so
 * (docs/decisions/0011). The catalog's own are {@link dev.holdfast.catalog.access.AccessRoom}, its table of roles, and
 * {@link dev.holdfast.catalog.access.Login}, for people with a browser.
 */
@NullMarked
package dev.holdfast.catalog.access;

import org.jspecify.annotations.NullMarked;
