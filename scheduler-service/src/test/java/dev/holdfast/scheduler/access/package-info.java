/** What the border's parts decide, each alone. */
@NullMarked
package dev.holdfast.scheduler.access;

import org.jspecify.annotations.NullMarked;
