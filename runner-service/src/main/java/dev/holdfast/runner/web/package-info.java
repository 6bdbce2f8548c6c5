/**
 * Health over HTTP, for whoever watches the process.
 *
 * <p>Reads the runner's own condition; writes answers under {@code /actuator}.
 */
@NullMarked
package dev.holdfast.runner.web;

import org.jspecify.annotations.NullMarked;
