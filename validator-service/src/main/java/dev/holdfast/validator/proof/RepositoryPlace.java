package dev.holdfast.validator.proof;

import java.nio.file.Path;

/**
 * Where a repository lies on this machine.
 *
 * @param repository its folder
 * @param configuration pgBackRest's configuration file
 * @param uid numeric owner of the repository: who may read it
 * @param gid its numeric group
 */
public record RepositoryPlace(Path repository, Path configuration, int uid, int gid) {}
