/** Where the services are: reads flags, environment and files of exports; decides which of them wins; writes nothing. */
@NullMarked
package dev.holdfast.cli.settings;

import org.jspecify.annotations.NullMarked;
