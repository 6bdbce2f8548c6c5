package dev.holdfast.catalog.answers;

import java.util.Map;

/**
 * A hash over the projection's content, without what says when or where records were read.
 *
 * @param sha256 over all tables, hexadecimal
 * @param tables rows and hash of each, by name
 * @param asOf what it reflects
 */
public record ContentHash(String sha256, Map<String, TableHash> tables, AsOf asOf) {

    /** Copies the tables. */
    public ContentHash {
        tables = Map.copyOf(tables);
    }

    /**
     * One table.
     *
     * @param rows how many
     * @param hash over them, in no order
     */
    public record TableHash(long rows, String hash) {}
}
