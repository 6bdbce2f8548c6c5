package dev.holdfast.runner;

import dev.holdfast.testsupport.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small file system in memory, mounted on a folder until it is closed. Mounting needs root, or sudo without a password. */
final class SmallDisk implements AutoCloseable {

    private static final long MANY_FILES = 10_000;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts it.
     *
     * @param folder is there; what it holds is hidden meanwhile
     * @param megabytes how much it holds
     * @param owner {@code uid:gid}
     */
    static SmallDisk mountedOn(Path folder, int megabytes, String owner) {
        String[] ids = owner.split(":", 2);
        String options = "size=%dm,mode=0755,uid=%s,gid=%s".formatted(megabytes, ids[0], ids[1]);
        root("mount", "-t", "tmpfs", "-o", options, "holdfast-test", folder.toString());
        return new SmallDisk(folder);
    }

    /** Leaves no byte free. */
    void fill() {
        // dd ends with an error when nothing is left, which is what it is called for
        Command.run(asRoot("dd", "if=/dev/zero", "of=" + ballast(), "bs=64k", "status=none"), Map.of("LC_ALL", "C"));
    }

    /** Gives back what {@link #fill} took. */
    void free() {
        root("rm", "-f", ballast());
    }

    /** Empties it, and lets it take no file, however empty, until {@link #takeFiles}. */
    void takeNoFiles() {
        root("find", folder.toString(), "-mindepth", "1", "-delete");
        limitFiles(1);
    }

    /** Ends {@link #takeNoFiles}. */
    void takeFiles() {
        limitFiles(MANY_FILES);
    }

    private void limitFiles(long number) {
        root("mount", "-o", "remount,nr_inodes=" + number, folder.toString());
    }

    /** Mounts it read-only. */
    void protect() {
        root("mount", "-o", "remount,ro", folder.toString());
    }

    /** Mounts it writable again. */
    void release() {
        root("mount", "-o", "remount,rw", folder.toString());
    }

    @Override
    public void close() {
        // lazily: an archiver may just have a file open
        root("umount", "--lazy", folder.toString());
    }

    private String ballast() {
        return folder.resolve("ballast").toString();
    }

    /** Runs a command as root. */
    static void root(String... command) {
        Command.output(asRoot(command));
    }

    private static List<String> asRoot(String... command) {
        List<String> all = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("sudo", "--non-interactive"));
        }
        all.addAll(List.of(command));
        return all;
    }
}
