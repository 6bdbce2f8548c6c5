/** Tests of the room of the same name. */
@NullMarked
package dev.holdfast.cli.kafka;

import org.jspecify.annotations.NullMarked;
