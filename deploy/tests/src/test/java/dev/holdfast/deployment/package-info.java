/** Each way to install Holdfast, from its page's own words, and what it withstands once it runs. */
@NullMarked
package dev.holdfast.deployment;

import org.jspecify.annotations.NullMarked;
