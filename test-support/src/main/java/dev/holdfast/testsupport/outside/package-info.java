/**
 * What a stranger to the product has: its command line, plain HTTP, a Kafka client with schemas from the registry, the pages of the
 * documentation, and a look at the machine's processes and containers. Nothing here knows a class of the product.
 */
@NullMarked
package dev.holdfast.testsupport.outside;

import org.jspecify.annotations.NullMarked;
