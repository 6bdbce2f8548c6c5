package dev.holdfast.runner.pgbackrest;

import static dev.holdfast.runner.backup.Category.CONFIGURATION;
import static dev.holdfast.runner.backup.Category.RETRYABLE;

import dev.holdfast.runner.backup.Category;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What went wrong between pgBackRest and a storage or another host.
 *
 * <p>The exit status alone misleads here: an expired certificate ends with the status of a wrong passphrase, wrong keys with
 * that of a broken protocol, and whatever keeps a database host away with "unable to find primary cluster". The texts are
 * those of 2.45, its own and OpenSSH's.
 */
enum RemoteTrouble {
    NO_ROLE(
            CONFIGURATION,
            "169\\.254\\.169\\.254|iam/security-credentials|temporary credentials",
            "With repoN-s3-key-type=auto the keys come from the machine's metadata service, which does not answer here or knows no role: give the machine a role that may use the bucket (in a container, let it reach 169.254.169.254, hop limit 2), or set repoN-s3-key-type=shared with repoN-s3-key and repoN-s3-key-secret. Then request the backup again: nothing needs to be restarted."),
    KEYS_REFUSED(
            CONFIGURATION,
            "HTTP request failed with 40[13]",
            "The storage refuses the keys. Compare repoN-s3-key and repoN-s3-key-secret with the bucket's policy, or with repoN-s3-key-type=auto the role of this host; a clock that is minutes off is refused too. Then request the backup again: nothing needs to be restarted."),
    NO_SUCH_BUCKET(
            CONFIGURATION,
            "HTTP request failed with 404 \\(Not Found\\)(?s:.*)NoSuchBucket",
            "The storage has no such bucket. Compare repoN-s3-bucket, repoN-s3-region and repoN-s3-endpoint; pgBackRest makes no buckets."),
    CERTIFICATE(
            CONFIGURATION,
            "unable to verify certificate presented by|unable to find hostname '[^']*' in certificate|certificate has expired|unable to set user-defined CA certificate",
            "The other side's certificate is not believed: expired [10], of an authority that is unknown here [19] [20] (repoN-storage-ca-file for a storage, repoN-host-ca-file or pgN-host-ca-file for a host), or for another name. pgBackRest's own hint about encryption does not apply."),
    CERTIFICATE_REFUSED(
            CONFIGURATION,
            "tlsv1[0-9]? alert|sslv3 alert|certificate verify failed",
            "The other side does not believe this host's certificate. See that repoN-host-cert-file or pgN-host-cert-file is of the authority in the other side's tls-server-ca-file, and has not expired."),
    KEY_FILE(
            CONFIGURATION,
            "key file '[^']*' (?:must be owned|permissions)|must not have .*permissions",
            "A private key is readable for more than its owner, so pgBackRest refuses it: chmod 0600, and owned by the runner's user."),
    NOT_ALLOWED(
            CONFIGURATION,
            "raised from remote-\\d+ tls protocol on '[^']*': access denied",
            "The TLS server does not allow this host's certificate for the stanza. On the host in the message: tls-server-auth=NAME=STANZA, NAME as in the certificate's common name, then reload pgbackrest server (SIGHUP)."),
    HOST_KEY(
            CONFIGURATION,
            "Host key verification failed",
            "SSH does not know that host's key, or it is another than before. As the runner's user: ssh-keyscan HOST, compare the fingerprint on the host itself, and add the line to ~/.ssh/known_hosts."),
    SSH_KEY(
            CONFIGURATION,
            "Permission denied \\((?:publickey|password|keyboard-interactive)",
            "SSH on that host does not take this user's key. Add the runner's user's public key to ~/.ssh/authorized_keys of pgN-host-user there; pgBackRest cannot type passwords."),
    UNREACHABLE(
            RETRYABLE,
            "HostConnectError|unable to connect to '[^']*:\\d+'|unable to get address for|ssh: connect to host|HTTP request failed with 5\\d\\d",
            "The storage or host in the message cannot be reached or is out of order. Check its name and port, the network, and whether the storage, pgbackrest server or sshd runs there; then try again.");

    private final Category category;
    private final Pattern words;
    private final String hint;

    RemoteTrouble(Category category, String words, String hint) {
        this.category = category;
        this.words = Pattern.compile(words);
        this.hint = hint;
    }

    /** Who has to act. */
    Category category() {
        return category;
    }

    /** What to do, in plain words. */
    String hint() {
        return hint;
    }

    /** The first of them that the log tells of, in its warnings or errors; empty if the trouble is of another kind. */
    static Optional<RemoteTrouble> in(ToolLog log) {
        String complaints = log.complaints();
        return Arrays.stream(values())
                .filter(trouble -> trouble.words.matcher(complaints).find())
                .findFirst();
    }
}
