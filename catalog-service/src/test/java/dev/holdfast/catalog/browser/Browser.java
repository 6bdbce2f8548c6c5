package dev.holdfast.catalog.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;

/** A headless Chromium with a fresh profile, driven as a person drives one. One thread. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What axe-core holds a page against: WCAG 2.2 at level AA. */
    private static final String WCAG = """
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']}})
              .then(found => done(found.violations.map(v =>
                v.id + ' (' + v.help + '): ' + v.nodes.map(n => n.html + ' ' + n.any.map(a => a.message).join(' ')).join(' | '))))
              .catch(error => done(['axe-core failed: ' + error]));
            """;

    private static final String AXE = axe();

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /** How the screen is. */
    enum Screen {
        /** A desk's. */
        WIDE(1280, 900, false),
        /** A phone's. */
        PHONE(390, 844, true);

        private final int width;
        private final int height;
        private final boolean isMobile;

        Screen(int width, int height, boolean isMobile) {
            this.width = width;
            this.height = height;
            this.isMobile = isMobile;
        }
    }

    /** Opens it; fails with what to install where there is none. */
    static Browser open() {
        for (Path program : List.of(CHROMIUM, DRIVER)) {
            if (!Files.isExecutable(program)) {
                throw new IllegalStateException("%s is not there. Install it: deploy/local/prepare".formatted(program));
            }
        }
        try {
            Path profile = Files.createTempDirectory("holdfast-browser-");
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(DRIVER.toFile())
                    .usingAnyFreePort()
                    .build();
            ChromeDriver driver = new ChromeDriver(service, options(profile));
            driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
            return new Browser(profile, driver);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for a browser's profile", e);
        }
    }

    private static ChromeOptions options(Path profile) {
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability("goog:loggingPrefs", everything);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        return options;
    }

    /** Opens an address and returns when it is loaded. What earlier pages wrote to the console is forgotten. */
    void visit(String url) {
        console();
        driver.get(url);
    }

    /** From the next page on. */
    void show(Screen screen, boolean dark) {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        screen.width,
                        "height",
                        screen.height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        screen.isMobile));
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Whether pages may run scripts, from the next page on. */
    void allowScripts(boolean allowed) {
        devtools("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    /** Whether the network is away; pages that are open stay open. */
    void disconnect(boolean away) {
        devtools("Network.enable", Map.of());
        devtools(
                "Network.emulateNetworkConditions",
                Map.of("offline", away, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    private Map<String, Object> devtools(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    String url() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    String text() {
        return find("body").getText();
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Follows a link or presses a button that leads to another page; returns when this one is gone. */
    void click(String css) {
        WebElement element = find(css);
        new Actions(driver)
                .scrollToElement(element)
                .moveToElement(element)
                .click()
                .perform();
        Awaitility.await("the page that %s leads to".formatted(css))
                .atMost(PATIENCE)
                .until(() -> isGone(element));
    }

    private static boolean isGone(WebElement element) {
        try {
            element.isEnabled();
            return false;
        } catch (StaleElementReferenceException gone) {
            return true;
        }
    }

    /** Types into whatever has the focus. */
    void press(Keys key) {
        new Actions(driver).sendKeys(key).perform();
    }

    /** What has the focus, as its text or its tag's name. */
    String focused() {
        WebElement element = driver.switchTo().activeElement();
        String text = element.getText();
        return text.isEmpty() ? element.getTagName() : text;
    }

    Object script(String javascript, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(javascript, arguments), "");
    }

    /** True if nothing has to be moved sideways to be seen. */
    boolean fitsItsScreen() {
        return Boolean.TRUE.equals(driver.executeScript(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    /** What the page breaks of WCAG 2.2 AA, a line each. */
    @SuppressWarnings("unchecked")
    List<String> accessibilityFaults() {
        driver.executeScript(AXE);
        return (List<String>) Objects.requireNonNull(driver.executeAsyncScript(WCAG));
    }

    /** What the console was told since the last call: errors of scripts, breaches of the content rules, answers that failed. */
    List<String> console() {
        List<String> lines = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            lines.add(entry.getLevel() + " " + entry.getMessage());
        }
        return lines;
    }

    /** Keeps the whole page as a picture. */
    void photograph(Path file) {
        Map<String, Object> picture = devtools(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", wholePage()));
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException("the screenshot could not be kept: " + file, e);
        }
    }

    private Map<String, Object> wholePage() {
        Map<?, ?> metrics = (Map<?, ?>) Objects.requireNonNull(
                devtools("Page.getLayoutMetrics", Map.of()).get("cssContentSize"));
        return Map.of(
                "x",
                0,
                "y",
                0,
                "width",
                Objects.requireNonNull(metrics.get("width")),
                "height",
                Objects.requireNonNull(metrics.get("height")),
                "scale",
                1);
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(script, "axe.min.js is not on the class path")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("axe-core could not be read", e);
        }
    }

    @Override
    public void close() {
        driver.quit();
        try {
            FileSystemUtils.deleteRecursively(profile);
        } catch (IOException e) {
            throw new UncheckedIOException("the browser's profile could not be removed: " + profile, e);
        }
    }
}
