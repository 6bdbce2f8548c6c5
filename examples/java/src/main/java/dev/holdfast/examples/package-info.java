/** A program of another team that reads Holdfast's events. */
@NullMarked
package dev.holdfast.examples;

import org.jspecify.annotations.NullMarked;
