package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether something takes connections at an address. */
final class TcpProbe {

    private static final int CONNECT_MILLIS = 3_000;

    private TcpProbe() {}

    /** Why a connection can't be made; empty if it can. */
    static String refusal(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            return "the host name is unknown";
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
