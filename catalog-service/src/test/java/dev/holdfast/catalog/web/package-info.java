@NullMarked
package dev.holdfast.catalog.web;

import org.jspecify.annotations.NullMarked;
