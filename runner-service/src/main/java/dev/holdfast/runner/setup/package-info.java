/**
 * What {@code holdfast-runner init} does: looks at each stanza, says what it will do, creates what is missing, archives the
 * histories of a promoted cluster's timelines, and has it checked. It never touches what is there.
 */
@NullMarked
package dev.holdfast.runner.setup;

import org.jspecify.annotations.NullMarked;
