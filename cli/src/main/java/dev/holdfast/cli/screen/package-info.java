/** Answers for people and programs: reads plain values, writes tables, JSON, YAML and progress. */
@NullMarked
package dev.holdfast.cli.screen;

import org.jspecify.annotations.NullMarked;
