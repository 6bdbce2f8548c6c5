/**
 * Sandboxes: throwaway containers, or plain processes where the operator says so.
 *
 * <p>Reads the container engine's answers. Decides how a sandbox is cut off and limited. Writes containers, volumes and
 * processes, and removes every one of them again, also those that a crashed validator left.
 */
@NullMarked
package dev.holdfast.validator.sandbox;

import org.jspecify.annotations.NullMarked;
