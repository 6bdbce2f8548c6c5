/** Kafka's way out: requests that readers of the pages made. */
@NullMarked
package dev.holdfast.catalog.publish;

import org.jspecify.annotations.NullMarked;
