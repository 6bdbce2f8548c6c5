package dev.holdfast.schemas.serde;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * HTTP clients for registries, one of each kind for the process, because each has a thread of its own, and each made when it
 * is first needed.
 */
final class RegistryClients {

    private RegistryClients() {}

    /**
     * For addresses without TLS. The JDK's client reads the certificates of all the world's authorities when it is made, which
     * takes longer than all that the start of a service asks of its registry. This one believes nobody.
     */
    static HttpClient plain() {
        return Plain.CLIENT;
    }

    /** For addresses with TLS too. */
    static HttpClient secure() {
        return Secure.CLIENT;
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(RegistryTransport.TIMEOUT);
    }

    private static SSLContext believingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime knows no TLS", e);
        }
    }

    private static final class Plain {
        private static final HttpClient CLIENT =
                builder().sslContext(believingNobody()).build();
    }

    private static final class Secure {
        private static final HttpClient CLIENT = builder().build();
    }
}
