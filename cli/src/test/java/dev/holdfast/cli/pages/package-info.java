/** The pages for people as a whole: their links, and that they are complete. */
@NullMarked
package dev.holdfast.cli.pages;

import org.jspecify.annotations.NullMarked;
