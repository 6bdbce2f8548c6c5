package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An operating system user as whom programs can be run.
 *
 * @param name its name
 * @param prefix what stands before a command to run it as this user; empty for the user of this process
 */
record OsUser(String name, List<String> prefix) {

    private static final String ROOT = "root";

    OsUser {
        prefix = List.copyOf(prefix);
    }

    /** The user of this process. */
    static OsUser self() {
        return new OsUser(System.getProperty("user.name", ROOT), List.of());
    }

    /** The owner of a file; empty if this process may neither ask for it nor act as it. */
    static Optional<OsUser> ownerOf(Path file) {
        String owner;
        try {
            owner = Files.getOwner(file).getName();
        } catch (IOException e) {
            return Optional
                    .empty(); // not there, or in a folder that is closed to this user: both are said where it matters
        }
        OsUser self = self();
        if (owner.equals(self.name())) {
            return Optional.of(self);
        }
        return self.name().equals(ROOT)
                ? Optional.of(new OsUser(
                        owner, List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--init-groups", "--")))
                : Optional.empty();
    }

    /** True if this user passes a test of {@code test}(1), such as {@code -w}. */
    boolean may(String test, Path file) {
        return Programs.run(this, List.of("test", test, file.toString())).isGood();
    }
}
