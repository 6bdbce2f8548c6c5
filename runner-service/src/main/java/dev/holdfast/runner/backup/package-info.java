/**
 * What happens to one request, in plain Java: whether it may run, who may run it, and what became of it.
 *
 * <p>Reads the {@link dev.holdfast.runner.backup.RequestMemory}, which is fed from the log; decides; lets a {@link
 * dev.holdfast.runner.backup.BackupEngine} run and {@link dev.holdfast.runner.backup.Facts} write. Knows no Kafka and no
 * process.
 */
@NullMarked
package dev.holdfast.runner.backup;

import org.jspecify.annotations.NullMarked;
