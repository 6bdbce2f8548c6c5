package dev.holdfast.cli.kafka;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Asks for a TCP connection before a client is started: Kafka's own clients and the registry's try for ever, and say so only in
 * a log that nobody reads here.
 */
final class Reachability {

    private static final int CONNECT_MILLIS = 3_000;
    private static final String REMEDY = "Start the local stack with ./holdfast up, or name another with %s.";

    private Reachability() {}

    /**
     * Returns if one of Kafka's addresses and one of the registry's takes connections.
     *
     * @throws CommandFailure if not
     */
    static void check(KafkaConnection connection) {
        checkKafka(connection);
        if (!connection.registry().startsWith("mock:")) {
            checkRegistry(connection.registry());
        }
    }

    /** The same for Kafka alone. */
    static void checkKafka(KafkaConnection connection) {
        String servers = String.valueOf(connection.common().get("bootstrap.servers"));
        String why = "no address given";
        for (String server : servers.split(",", -1)) {
            int colon = server.lastIndexOf(':');
            if (colon < 1 || !server.substring(colon + 1).strip().matches("[0-9]{1,5}")) {
                throw CommandFailure.usage(
                        "'%s' is not an address of Kafka; expected host:port, several separated by commas"
                                .formatted(servers));
            }
            why = refusal(
                    server.substring(0, colon).strip().replaceAll("[\\[\\]]", ""),
                    Integer.parseInt(server.substring(colon + 1).strip()));
            if (why.isEmpty()) {
                return;
            }
        }
        throw CommandFailure.unreachable("Kafka", servers, why, REMEDY.formatted("--kafka"));
    }

    private static void checkRegistry(String urls) {
        String why = "no address given";
        for (String url : urls.split(",", -1)) {
            URI uri = URI.create(url.strip());
            if (uri.getHost() == null) {
                throw CommandFailure.usage(
                        "'%s' is not the registry's address; expected a URL such as http://127.0.0.1:8085/apis/ccompat/v7"
                                .formatted(urls));
            }
            int standard = "https".equals(uri.getScheme()) ? 443 : 80;
            why = refusal(uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort());
            if (why.isEmpty()) {
                return;
            }
        }
        throw CommandFailure.unreachable("the schema registry", urls, why, REMEDY.formatted("--registry"));
    }

    /** Why a connection can't be made; empty if it can. */
    private static String refusal(String host, int port) {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                return "the host name is unknown";
            }
            socket.connect(address, CONNECT_MILLIS);
            return "";
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
