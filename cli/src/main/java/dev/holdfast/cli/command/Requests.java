package dev.holdfast.cli.command;

import dev.holdfast.cli.Version;
import dev.holdfast.events.PrincipalSource;
import dev.holdfast.events.Producer;
import dev.holdfast.events.Requester;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What every request of the command line says of itself. */
final class Requests {

    private Requests() {}

    static Producer producer() {
        return Producer.newBuilder()
                .setService("cli")
                .setInstance(host())
                .setVersion(Version.number())
                .build();
    }

    static Requester requester(Session session) {
        return Requester.newBuilder()
                .setPrincipal(session.user())
                .setEstablished(PrincipalSource.OPERATING_SYSTEM_USER)
                .build();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host"; // a host that does not know its own name may still ask for a backup
        }
    }
}
