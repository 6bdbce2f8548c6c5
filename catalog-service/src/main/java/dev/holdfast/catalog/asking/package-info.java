/** What a reader of the catalog may ask for: a backup, a proof. Decides nothing about either; the request goes into the log. */
@NullMarked
package dev.holdfast.catalog.asking;

import org.jspecify.annotations.NullMarked;
