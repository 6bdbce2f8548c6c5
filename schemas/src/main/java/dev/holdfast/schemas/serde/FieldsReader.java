package dev.holdfast.schemas.serde;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;

/**
 * Makes something of a record's fields as they stand in its bytes.
 *
 * @param <T> what it makes
 */
@FunctionalInterface
public interface FieldsReader<T> {

    /**
     * Reads all fields, in the order of the schema.
     *
     * @param writer the schema that they were written with, a record
     * @param fields stands at the first
     * @throws IOException if the bytes end too early
     */
    T read(Schema writer, Decoder fields) throws IOException;
}
