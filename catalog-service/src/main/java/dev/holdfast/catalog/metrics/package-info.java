/**
 * Metrics: the stanzas as Prometheus sees them, so that somebody is woken by what the page would say.
 *
 * <p>Reads {@code answers} when it is scraped; decides the names and what is left out where it is not known; writes nothing.
 */
@NullMarked
package dev.holdfast.catalog.metrics;

import org.jspecify.annotations.NullMarked;
