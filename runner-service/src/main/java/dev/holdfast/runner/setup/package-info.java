/**
 * What {@code holdfast-runner init} does: looks at each stanza, says what it will do, creates what is missing, and has it
 * checked. It never touches what is there.
 */
@NullMarked
package dev.holdfast.runner.setup;

import org.jspecify.annotations.NullMarked;
