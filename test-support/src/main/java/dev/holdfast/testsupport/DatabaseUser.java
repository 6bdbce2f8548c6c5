package dev.holdfast.testsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The operating system's user that PostgreSQL and pgBackRest run as: they refuse root, or give it other owners. */
public final class DatabaseUser {

    private static final String POSTGRES = "postgres";

    private DatabaseUser() {}

    /** Its name: {@code postgres} in a test that runs as root, else the user of the test. */
    public static String name() {
        return isRoot() ? POSTGRES : System.getProperty("user.name");
    }

    /** The command, to be run as that user. */
    public static List<String> as(List<String> command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=" + POSTGRES, "--regid=" + POSTGRES, "--init-groups"));
        }
        all.addAll(command);
        return all;
    }

    /** Makes a new folder in the system's temporary one that belongs to the user and that others may enter. */
    public static Path newFolder(String prefix) {
        String folder = Command.output(as(List.of("mktemp", "--directory", "--tmpdir", prefix + "XXXXXXXX")))
                .strip();
        Command.output(List.of("chmod", "0755", folder));
        return Path.of(folder);
    }

    /** The folder, made if it is not there yet, as the user's own; others may enter it. */
    static Path folder(Path folder) {
        Command.output(List.of("mkdir", "--parents", "--mode=0755", folder.toString()));
        if (isRoot()) {
            Command.output(List.of("chown", POSTGRES, folder.toString()));
        }
        return folder;
    }

    /** Makes a file the user's, and nobody else's to read. */
    static void keepSecret(Path file) {
        Command.output(List.of("chmod", "0600", file.toString()));
        if (isRoot()) {
            Command.output(List.of("chown", POSTGRES, file.toString()));
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
