/**
 * What users demand of the restored content: one YAML file a stanza.
 *
 * <p>Reads the files anew for each test, and treats them as hostile. Decides nothing: the proof asks and judges.
 */
@NullMarked
package dev.holdfast.validator.demand;

import org.jspecify.annotations.NullMarked;
