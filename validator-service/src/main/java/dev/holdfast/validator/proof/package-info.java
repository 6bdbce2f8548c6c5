/**
 * The proof: restores a backup in a sandbox, checks it, and concludes. Plain Java.
 *
 * <p>Reads what its three ports tell ({@code SandboxEngine}, {@code BackupEngine}, {@code DatabaseEngine}). Decides which
 * backup is restored, whether the WAL archive holds what the target needs, whether recovery ended where it was told to,
 * what the checks mean together: a verdict, its reason, the rung of trust. Writes nothing but the report it returns.
 */
@NullMarked
package dev.holdfast.validator.proof;

import org.jspecify.annotations.NullMarked;
