package dev.holdfast.validator.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Another validator, as far as a workspace's lock goes: holds it until its standard input ends. */
public final class LockHolder {

    private LockHolder() {}

    /** The workspace is the only argument. */
    public static void main(String[] arguments) throws IOException {
        try (WorkspaceLock _ = WorkspaceLock.of(Path.of(arguments[0]))) {
            System.out.println("held");
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
