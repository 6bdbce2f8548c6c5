package dev.holdfast.validator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small API server that notes what right each call needs, over real HTTP and real WebSockets. A pod runs as soon as it is made, and every
 * program in it ends well, but for one that tries to reach the network.
 */
final class RecordingCluster implements AutoCloseable {

    private static final Pattern RESOURCE = Pattern.compile(
            "/(?:api|apis/(?<group>[^/]+))/v1/namespaces/[^/]+/(?<resource>[a-z]+)(?:/(?<name>[^/?]+))?(?:/(?<sub>[a-z]+))?(?<query>\\?.*)?");
    private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int STATUS_CHANNEL = 3;

    private final ServerSocket server;
    private final Set<String> rights = ConcurrentHashMap.newKeySet();
    private final Map<String, String> pods = new ConcurrentHashMap<>();

    RecordingCluster() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getLocalPort())
                .withNamespace("proofs")
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Each as {@code group/resource verb}, the group of the core left out. */
    Set<String> rights() {
        return new TreeSet<>(rights);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            String[] request = line(in).split(" ");
            Map<String, String> headers = headers(in);
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            Matcher call = RESOURCE.matcher(request[1]);
            if (!call.matches()) {
                throw new IllegalArgumentException(request[1]);
            }
            if (headers.containsKey("sec-websocket-key") && call.group("sub") != null) {
                talk(socket, call, headers);
            } else {
                plain(socket.getOutputStream(), request[0], call, new String(body, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Older clusters ask for "get", because the method is GET; newer ones for "create" besides. */
    private void talk(Socket socket, Matcher call, Map<String, String> headers) throws IOException {
        note(call, "get");
        note(call, "create");
        OutputStream out = socket.getOutputStream();
        out.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n"
                        .formatted(accepted(headers.getOrDefault("sec-websocket-key", "")))
                        .getBytes(StandardCharsets.US_ASCII));
        if ("exec".equals(call.group("sub"))) {
            if (call.group("query").contains("stdin=true")) {
                // what it is given is read before it ends
                assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
            }
            boolean reachesOut = call.group("query").contains("tcp");
            frame(out, 2, status(reachesOut));
            frame(out, 8, new byte[] {0x03, (byte) 0xe8});
        }
        out.flush();
        // until the client has no more to say
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static byte[] status(boolean fails) {
        String json = fails
                ? "{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"1\"}]}}"
                : "{\"status\":\"Success\"}";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(STATUS_CHANNEL);
        bytes.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static void frame(OutputStream out, int opcode, byte[] payload) throws IOException {
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(payload.length);
        } else {
            out.write(126);
            out.write(payload.length >> 8);
            out.write(payload.length & 0xff);
        }
        out.write(payload);
    }

    private static String accepted(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + ACCEPT).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void plain(OutputStream out, String method, Matcher call, String body) throws IOException {
        boolean named = call.group("name") != null;
        switch (method) {
            case "POST" -> {
                note(call, "create");
                reply(out, 201, created(call.group("resource"), body));
            }
            case "DELETE" -> {
                note(call, named ? "delete" : "deletecollection");
                reply(out, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
            }
            case "GET" -> {
                if (String.valueOf(call.group("query")).contains("watch=true")) {
                    // the client begins to look whether a pod is ready, and drops that at once: refused, nothing is
                    // missing
                    reply(out, 403, "{}");
                } else {
                    note(call, named ? "get" : "list");
                    found(out, call);
                }
            }
            default -> {
                note(call, method.toLowerCase(Locale.ROOT));
                reply(out, 405, "{}");
            }
        }
    }

    private String created(String resource, String body) {
        if (!resource.equals("pods")) {
            return body;
        }
        String running = body.substring(0, body.lastIndexOf('}'))
                + ",\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"sandbox\",\"imageID\":\"sha256:1\"}]}}";
        Matcher name = Pattern.compile("\"name\":\"(holdfast-[^\"]+)\"").matcher(body);
        if (name.find()) {
            pods.put(name.group(1), running);
        }
        return running;
    }

    private void found(OutputStream out, Matcher call) throws IOException {
        if (call.group("name") == null) {
            reply(
                    out,
                    200,
                    "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[%s]}"
                            .formatted(String.join(",", pods.values())));
        } else if (pods.containsKey(call.group("name"))) {
            reply(out, 200, pods.get(call.group("name")));
        } else {
            reply(
                    out,
                    404,
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}");
        }
    }

    private static void reply(OutputStream out, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write("HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(code, bytes.length)
                .getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
    }

    private void note(Matcher call, String verb) {
        String group = call.group("group") == null ? "" : call.group("group") + "/";
        String sub = call.group("sub") == null ? "" : "/" + call.group("sub");
        rights.add("%s%s%s %s".formatted(group, call.group("resource"), sub, verb));
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
