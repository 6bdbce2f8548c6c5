package dev.holdfast.validator.pgbackrest;

import dev.holdfast.validator.proof.Reason;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What pgBackRest says where a storage or another host is at fault. Neither says anything of a backup, although some come with
 * the number of a damaged file: a certificate that is not believed is a CryptoError too. Texts of 2.45. The other way round,
 * "unexpected eof in compressed data" is a file that was cut off, whoever it was read from.
 */
final class RemoteComplaint {

    private static final Pattern SET_UP = Pattern.compile("HTTP request failed with 40[13]"
            + "|HTTP request failed with 404 \\(Not Found\\)"
            + "|unable to verify certificate presented by"
            + "|unable to find hostname '[^']*' in certificate"
            + "|certificate has expired|unable to set user-defined CA certificate"
            + "|alert (?:unknown ca|certificate|bad certificate)"
            + "|protocol on '[^']*': access denied"
            + "|key file '[^']*' must");

    private static final Pattern AWAY =
            Pattern.compile("HostConnectError|unable to connect to '[^']*:\\d+'|unable to get address for"
                    + "|HTTP request failed with 5\\d\\d"
                    + "|unable to negotiate TLS connection|TLS error \\[|TLS syscall error"
                    + "|unexpected EOF|unexpected eof while reading|timeout after \\d+ms waiting for"
                    + "|(?:tls|ssh) (?:protocol|process) on '[^']*'.* terminated unexpectedly");

    private RemoteComplaint() {}

    /** What a complaint means for a test; empty if it is not about another side. */
    static Optional<Reason> in(String text) {
        if (SET_UP.matcher(text).find()) {
            return Optional.of(Reason.CONFIGURATION);
        }
        return AWAY.matcher(text).find() ? Optional.of(Reason.REPOSITORY_UNREACHABLE) : Optional.empty();
    }
}
