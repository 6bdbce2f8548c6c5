package dev.holdfast.catalog;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** What a browser without JavaScript does: keeps cookies, follows redirects, sends the forms of pages. */
final class Browser {

    private static final int HOPS = 15;
    private static final Pattern INPUT = Pattern.compile("<input[^>]*>");
    private static final Pattern NAME = Pattern.compile("name=\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("value=\"([^\"]*)\"");

    private final HttpClient http;
    private final List<String> cookiesSet = new ArrayList<>();
    private Page page = new Page(URI.create("about:blank"), 0, "");

    /**
     * A page.
     *
     * @param address where it was found in the end
     */
    record Page(URI address, int status, String text) {}

    Browser(SSLContext tls) {
        http = HttpClient.newBuilder()
                .sslContext(tls)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build();
    }

    /** Opens an address. */
    Page open(URI address) {
        return follow(request(address).build());
    }

    /** Opens a path of the site that it is at. */
    Page open(String path) {
        return open(page.address().resolve(path));
    }

    /**
     * Sends a form of the page with its hidden and checked fields.
     *
     * @param action the end of the address that the form is sent to
     * @param fields what is typed or chosen
     */
    Page send(String action, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(hidden(form(action)));
        all.putAll(fields);
        String body = all.entrySet().stream()
                .map(field ->
                        "%s=%s".formatted(field.getKey(), URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        return follow(request(page.address().resolve(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Every Set-Cookie so far. */
    List<String> cookiesSet() {
        return List.copyOf(cookiesSet);
    }

    private String form(String action) {
        Matcher form = Pattern.compile(
                        "<form[^>]*action=\"[^\"]*%s\".*?</form>".formatted(Pattern.quote(action)), Pattern.DOTALL)
                .matcher(page.text());
        if (!form.find()) {
            throw new AssertionError("no form for %s at %s:%n%s".formatted(action, page.address(), page.text()));
        }
        return form.group();
    }

    private static Map<String, String> hidden(String form) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = INPUT.matcher(form);
        while (inputs.find()) {
            if (inputs.group().contains("type=\"hidden\"")) {
                Matcher name = NAME.matcher(inputs.group());
                Matcher value = VALUE.matcher(inputs.group());
                if (name.find() && value.find()) {
                    fields.put(name.group(1), value.group(1));
                }
            }
        }
        return fields;
    }

    private static HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).header("Accept", "text/html");
    }

    private Page follow(HttpRequest first) {
        HttpRequest request = first;
        for (int hop = 0; hop < HOPS; hop++) {
            HttpResponse<String> answer = exchange(request);
            cookiesSet.addAll(answer.headers().allValues("Set-Cookie"));
            if (answer.statusCode() / 100 != 3) {
                page = new Page(request.uri(), answer.statusCode(), answer.body());
                return page;
            }
            request = request(request.uri()
                            .resolve(answer.headers().firstValue("Location").orElseThrow()))
                    .build();
        }
        throw new AssertionError("a redirect without end, last to " + request.uri());
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("no answer to " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
