/**
 * What the repository really holds, in plain Java: which backups came and went, whether the WAL archive has holes, and to
 * which instants the cluster can be restored.
 *
 * <p>Reads what the tool lists; decides what is new, expired, vanished, missing or foreign; the caller writes it.
 */
@NullMarked
package dev.holdfast.runner.repository;

import org.jspecify.annotations.NullMarked;
