package dev.holdfast.validator.proof;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param limits what the kernel enforces by name, such as memory, in its own words
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
        Optional<String> postgresMajor,
        Map<String, String> limits) {

    /** Copies all of it. */
    public Inside {
        limits = Map.copyOf(limits);
        interfaces = List.copyOf(interfaces);
        mounts = List.copyOf(mounts);
    }

    /** The limits that were ordered, each absent where the kernel does not enforce it as ordered. */
    Map<String, String> enforced(Map<String, String> ordered) {
        Map<String, String> enforced = new HashMap<>(ordered);
        limits.forEach((name, seen) -> enforced.computeIfPresent(
                name, (_, wanted) -> isNumber(wanted) && isWithin(seen, Long.parseLong(wanted)) ? wanted : "absent"));
        return enforced;
    }

    /** The kernel rounds to pages, and says a very large number or {@code max} for no limit. */
    private static boolean isWithin(String seen, long wanted) {
        return isNumber(seen) && Long.parseLong(seen) <= wanted;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }
}
