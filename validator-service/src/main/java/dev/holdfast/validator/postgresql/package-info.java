/**
 * PostgreSQL in the sandbox: starts the restored cluster so that nothing in it can reach out, and reads all of it.
 *
 * <p>Reads the control file, the server's log, the answers of its tools. Decides what each check found. Writes only inside
 * the sandbox.
 */
@NullMarked
package dev.holdfast.validator.postgresql;

import org.jspecify.annotations.NullMarked;
