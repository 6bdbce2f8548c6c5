/**
 * Answers: what the catalog can be asked, and the shape of what it says. The keys of these records are the HTTP API's and the command line's.
 *
 * <p>Reads through {@link dev.holdfast.catalog.answers.Catalog}; decides what is trouble and what can be restored; writes nothing.
 */
@NullMarked
package dev.holdfast.catalog.answers;

import org.jspecify.annotations.NullMarked;
