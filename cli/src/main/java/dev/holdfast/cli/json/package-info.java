/** JSON as plain maps and lists: reads and writes text. No binding to classes, because that costs a cold start more than all else. */
@NullMarked
package dev.holdfast.cli.json;

import org.jspecify.annotations.NullMarked;
