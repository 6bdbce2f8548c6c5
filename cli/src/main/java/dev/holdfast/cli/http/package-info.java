/** The catalog's and the scheduler's HTTP: reads JSON answers and problem details, writes requests; decides only what counts as unreachable. */
@NullMarked
package dev.holdfast.cli.http;

import org.jspecify.annotations.NullMarked;
