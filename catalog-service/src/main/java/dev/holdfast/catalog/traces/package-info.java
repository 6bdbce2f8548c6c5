/**
 * Traces: tells an OpenTelemetry collector when an event of a traced request could be read in the catalog.
 *
 * <p>Reads what was projected. Decides which of it belongs to a trace. Writes spans by OTLP over HTTP, where an endpoint is set.
 */
@NullMarked
package dev.holdfast.catalog.traces;

import org.jspecify.annotations.NullMarked;
