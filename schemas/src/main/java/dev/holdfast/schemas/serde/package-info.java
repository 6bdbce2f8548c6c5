/**
 * Avro in Confluent's wire format: one zero byte, the schema's id in four bytes (big endian), the Avro binary. Takes
 * Confluent's configuration keys, so that its own serializers can stand in by configuration alone.
 */
@NullMarked
package dev.holdfast.schemas.serde;

import org.jspecify.annotations.NullMarked;
