package dev.holdfast.catalog.answers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * One thing, and what part of the log it reflects.
 *
 * @param item the thing
 * @param asOf what it reflects
 */
public record Answer<T>(@JsonUnwrapped T item, AsOf asOf) {}
