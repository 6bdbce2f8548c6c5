package dev.holdfast.validator.proof;

import java.util.List;
import java.util.Optional;

/**
 * How a sandbox looks to a program inside it: read there, not taken from what was ordered.
 *
 * @param user numeric user and group, such as {@code 101:104}
 * @param interfaces network interfaces
 * @param capabilities effective capabilities in hexadecimal; all zeros for none
 * @param noNewPrivileges true if no program can gain privileges
 * @param readOnlyRoot true if the root file system cannot be written
 * @param repositoryWritable true if the repository could be written: it must not be
 * @param mounts what is mounted from outside, such as {@code /repo:ro}
 * @param freeBytes space left in the workspace
 * @param postgresMajor PostgreSQL's major version in there, such as {@code 15}; empty if it does not tell
 */
public record Inside(
        String user,
        List<String> interfaces,
        String capabilities,
        boolean noNewPrivileges,
        boolean readOnlyRoot,
        boolean repositoryWritable,
        List<String> mounts,
        long freeBytes,
        Optional<String> postgresMajor) {

    /** Copies the lists. */
    public Inside {
        interfaces = List.copyOf(interfaces);
        mounts = List.copyOf(mounts);
    }
}
