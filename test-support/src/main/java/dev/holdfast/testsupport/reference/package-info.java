/**
 * Pages under {@code docs/reference} that say what the code says. A page has sections, each made from one module's code by a
 * test of that module, which fails when page and code differ.
 */
@NullMarked
package dev.holdfast.testsupport.reference;

import org.jspecify.annotations.NullMarked;
