package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may read and write the configuration. */
final class FileModes {

    private static final String CHECK = "permissions";
    private static final Pattern SECRET = Pattern.compile(
            "repo[0-9]+-(s3-key|s3-key-secret|s3-token|s3-sse-customer-key|cipher-pass|azure-key|gcs-key|sftp-private-key-passphrase)");

    private FileModes() {}

    static List<Finding> check(PgBackRestConf conf) {
        Set<String> files = new LinkedHashSet<>(List.of(conf.file().toString()));
        conf.settings().forEach(setting -> files.add(setting.file()));
        List<Finding> findings = new ArrayList<>();
        for (String file : files) {
            findings.add(check(conf, Path.of(file)));
        }
        return findings;
    }

    private static Finding check(PgBackRestConf conf, Path file) {
        Set<PosixFilePermission> modes;
        try {
            modes = Files.getPosixFilePermissions(file);
        } catch (IOException e) {
            return Finding.notRun(CHECK, "", "the mode of %s is not known: %s".formatted(file, e.getMessage()), "");
        }
        String fix = "chown %1$s:%1$s %2$s && chmod 0640 %2$s".formatted("postgres", file);
        if (modes.contains(PosixFilePermission.OTHERS_WRITE)) {
            return Finding.error(
                    CHECK,
                    "",
                    "everybody may write %s".formatted(file),
                    "whoever writes there chooses which program pgBackRest runs as the database's user",
                    fix);
        }
        List<String> secrets = conf.settings().stream()
                .filter(setting -> setting.file().equals(file.toString()))
                .map(Setting::name)
                .filter(name -> SECRET.matcher(name).matches())
                .toList();
        if (!secrets.isEmpty() && modes.contains(PosixFilePermission.OTHERS_READ)) {
            return Finding.error(
                    CHECK,
                    "",
                    "everybody may read %s, and it holds %s".formatted(file, String.join(", ", secrets)),
                    "every user and program of this host can read, and with most stores remove, all backups",
                    fix);
        }
        return Finding.ok(CHECK, "", "%s is not open to those whom it does not concern".formatted(file));
    }
}
