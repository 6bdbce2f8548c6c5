/**
 * Web: the catalog's answers over HTTP, as JSON and as a page for people.
 *
 * <p>Reads requests, which it takes for hostile; decides how answers and problems look (RFC 9457); writes nothing but the wish for a rebuild.
 */
@NullMarked
package dev.holdfast.catalog.web;

import org.jspecify.annotations.NullMarked;
