/**
 * The HTTP API: ad hoc requests and policies.
 *
 * <p>Reads JSON and YAML, which it trusts as little as anything from outside; hands policies to {@code policy}; answers with
 * JSON, and with RFC 9457 problems where something is wrong.
 */
@NullMarked
package dev.holdfast.scheduler.web;

import org.jspecify.annotations.NullMarked;
