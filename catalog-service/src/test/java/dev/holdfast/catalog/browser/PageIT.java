package dev.holdfast.catalog.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.Events;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Every page of the packaged catalog in a real browser; pictures of them are left in {@code target/screenshots}. */
class PageIT {

    private static final Path PICTURES = Path.of(System.getProperty("basedir", "."), "target", "screenshots");

    private static final Pattern LINK = Pattern.compile("<a [^>]*?href=\"(/[^\"#]*)\"");
    private static final int MOST_LINKS = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static ServedFleet served = ServedFleet.shared();
    private static Browser browser = Browser.open();

    @BeforeEach
    void onADeskByDay() {
        browser.show(Browser.Screen.WIDE, false);
    }

    @AfterAll
    static void end() {
        browser.close();
    }

    /** Addresses by the name of their picture. */
    private static Map<String, String> pages() {
        Fleet fleet = served.fleet();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "/");
        pages.put("stanza-good", "/stanzas/" + Fleet.GOOD);
        pages.put("stanza-troubled", "/stanzas/" + Fleet.TROUBLED);
        pages.put("stanza-empty", "/stanzas/" + Fleet.EMPTY);
        pages.put("restore-yesterday", "/stanzas/%s/restore?at=%s".formatted(Fleet.GOOD, fleet.yesterday()));
        pages.put("restore-gap", "/stanzas/%s/restore?at=%s".formatted(Fleet.TROUBLED, fleet.inTheGap()));
        pages.put("backups", "/backups");
        pages.put("backup-proven", "/backups/%s/%s".formatted(Fleet.GOOD, fleet.fullLabel()));
        pages.put("backup-disproven", "/backups/%s/%s".formatted(Fleet.TROUBLED, fleet.disprovenLabel()));
        pages.put("requests", "/requests");
        pages.put("request-failed", "/requests/" + fleet.failedRequest());
        pages.put("request-proven", "/requests/" + fleet.provenRequest());
        pages.put("test-passed", "/restore-tests/" + fleet.test());
        pages.put("test-failed", "/restore-tests/" + fleet.failedTest());
        pages.put("restore-tests", "/restore-tests");
        pages.put("slots", "/slots");
        pages.put("calendar", "/calendar?month=" + fleet.month());
        pages.put("calendar-of-one", "/calendar?stanza=%s&month=%s".formatted(Fleet.TROUBLED, fleet.month()));
        pages.put("missing", "/missing");
        pages.put("audit", "/audit");
        pages.put("expiry", "/stanzas/%s/expiry".formatted(Fleet.GOOD));
        pages.put("overview-stale", "/?withoutValidBackupFor=PT24H");
        return pages;
    }

    @Test
    void everyPageIsAccessibleAndQuietOnADeskAndOnAPhoneByDayAndByNight() {
        List<String> faults = new ArrayList<>();
        faults.addAll(look(Browser.Screen.WIDE, false));
        faults.addAll(look(Browser.Screen.WIDE, true));
        faults.addAll(look(Browser.Screen.PHONE, false));

        assertThat(faults).isEmpty();
    }

    @Test
    void aClickOnTheTimelineAnswersWhetherItCanBeRestoredToThere() {
        browser.visit(served.url("/stanzas/" + Fleet.GOOD));

        browser.click(".timeline g > a:nth-of-type(80)");

        assertThat(browser.url()).contains("/stanzas/orders/restore?at=");
        assertThat(browser.text()).contains("can be restored", "pgbackrest --stanza=orders");
        assertThat(browser.all(".timeline .asked")).isNotEmpty();
        assertThat(browser.all("details.procedure summary"))
                .extracting(WebElement::getText)
                .containsExactly("From stop to start, on a host", "With Docker Compose", "On Kubernetes");
    }

    @Test
    void withoutScriptsEverythingIsStillThereAndTheFormAndTheTimelineAnswer() {
        browser.allowScripts(false);
        try {
            browser.visit(served.url("/stanzas/" + Fleet.TROUBLED));
            assertThat(browser.text())
                    .contains("The last restore test failed", "How it develops", "Scheduled instants");
            browser.photograph(PICTURES.resolve("stanza-without-scripts.png"));

            browser.click("#ask button");
            assertThat(browser.text()).contains("cannot be restored", "after the last archived WAL");

            browser.visit(served.url("/stanzas/" + Fleet.TROUBLED));
            browser.click(".timeline g > a:nth-of-type(45)");
            assertThat(browser.text()).contains("cannot be restored", "gap of the archive");
        } finally {
            browser.allowScripts(true);
        }
    }

    @Test
    void everyPageCanBeReachedAndReadWithTheKeyboardAlone() {
        browser.visit(served.url("/"));
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Skip to the content");

        browser.press(Keys.ENTER);
        for (int i = 0; i < 40 && !browser.focused().equals(Fleet.TROUBLED); i++) {
            browser.press(Keys.TAB);
        }
        assertThat(browser.focused()).isEqualTo(Fleet.TROUBLED);
        assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");

        browser.press(Keys.ENTER);
        assertThat(browser.url()).endsWith("/stanzas/" + Fleet.TROUBLED);
    }

    @Test
    void theMainPagesAreOneClickAway() {
        browser.visit(served.url("/"));
        int links = browser.all(".bar nav a").size();
        for (int i = 1; i <= links; i++) {
            browser.click(".bar nav a:nth-of-type(%d)".formatted(i));
            assertThat(browser.all("main h1")).as(browser.url()).hasSize(1);
        }

        assertThat(links).isGreaterThanOrEqualTo(7);
        assertThat(browser.console()).isEmpty();
    }

    /** Breadth first from the overview, as a crawler does: no link leads nowhere. */
    @Test
    void noLinkLeadsNowhere() {
        Deque<String> open = new ArrayDeque<>(List.of("/"));
        Set<String> seen = new LinkedHashSet<>(open);
        List<String> broken = new ArrayList<>();
        while (!open.isEmpty() && seen.size() < MOST_LINKS) {
            String address = open.remove();
            HttpResponse<String> answer = served.get(address);
            if (answer.statusCode() != 200) {
                broken.add(answer.statusCode() + " " + address);
            }
            LINK.matcher(answer.body())
                    .results()
                    .map(found -> found.group(1).replace("&amp;", "&"))
                    .filter(link -> !link.contains("/restore?at="))
                    .filter(seen::add)
                    .forEach(open::add);
        }

        assertThat(seen).hasSizeGreaterThan(60);
        assertThat(broken).isEmpty();
    }

    @Test
    void whatHappensAppearsWithoutReloading() {
        browser.visit(served.url("/requests"));
        browser.script("window.isTheSamePage = true");
        String reason = "seen while the page was open";

        served.publish(Events.backupRequested(Fleet.GOOD).setReason(reason).build());

        Awaitility.await("the request on the open page")
                .atMost(PATIENCE)
                .until(() -> browser.text().contains(reason));
        assertThat(browser.script("return window.isTheSamePage")).isEqualTo(true);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aPageThatCannotRenewItselfSaysSo() {
        browser.visit(served.url("/"));
        browser.disconnect(true);
        try {
            Awaitility.await("the notice")
                    .atMost(PATIENCE)
                    .until(() -> browser.find("#silent").isDisplayed());
            assertThat(browser.text()).contains("What you see is what it last said");
            assertThat(browser.find(".foot").isDisplayed()).isFalse();
            browser.photograph(PICTURES.resolve("silent.png"));
        } finally {
            browser.disconnect(false);
        }
        Awaitility.await("the notice is gone")
                .atMost(PATIENCE)
                .until(() -> !browser.find("#silent").isDisplayed());
    }

    @Test
    void anUnknownStanzaIsSaidToBeUnknown() {
        browser.visit(served.url("/stanzas/nobody"));

        assertThat(browser.text()).contains("Not in the catalog", "names the stanza 'nobody'");
        assertThat(browser.accessibilityFaults()).isEmpty();
        browser.photograph(PICTURES.resolve("unknown-stanza.png"));
    }

    @Test
    void anOutageOfTheDatabaseIsSaidAndThePageGoesOnByItself() {
        browser.visit(served.url("/"));
        served.cluster().stop();
        try {
            Awaitility.await("the outage on the open page")
                    .atMost(PATIENCE)
                    .until(() -> browser.text().contains("The catalog cannot answer now"));
            assertThat(browser.text()).contains("says nothing about your backups");
            browser.photograph(PICTURES.resolve("database-away.png"));
        } finally {
            served.cluster().start();
        }
        Awaitility.await("the page is back")
                .atMost(PATIENCE)
                .until(() -> browser.text().contains("Can everything be restored?"));
    }

    @Test
    void aCatalogThatNobodyProjectsToSaysThatItIsNotKnownToBeUpToDate() throws SQLException {
        browser.visit(served.url("/"));
        Awaitility.await("the page is up to date")
                .atMost(PATIENCE)
                .until(() -> browser.text().contains("Up to date with the log"));

        // a projector that hangs: it can say no more how far it is
        try (Connection hanging = served.cluster().connect("catalog");
                Statement statement = hanging.createStatement()) {
            hanging.setAutoCommit(false);
            statement.execute("lock table holdfast.projection_status in exclusive mode");

            Awaitility.await("the doubt on the open page")
                    .atMost(PATIENCE)
                    .until(() -> browser.text().contains("Not known to be up to date"));
            assertThat(browser.text()).contains("Can everything be restored?");
            assertThat(browser.accessibilityFaults()).isEmpty();
            browser.photograph(PICTURES.resolve("behind.png"));
            hanging.rollback();
        }
        Awaitility.await("the page is up to date again")
                .atMost(PATIENCE)
                .until(() -> browser.text().contains("Up to date with the log"));
    }

    @Test
    void anAddressThatNothingAnswersAtIsAPageLikeTheOthers() {
        browser.visit(served.url("/no-such-page"));

        assertThat(browser.text()).contains("Nothing here", "No page has this address");
        assertThat(browser.all(".bar nav a")).isNotEmpty();
        assertThat(browser.accessibilityFaults()).isEmpty();
        browser.photograph(PICTURES.resolve("nothing-here.png"));
    }

    private static List<String> look(Browser.Screen screen, boolean dark) {
        browser.show(screen, dark);
        return pages().entrySet().stream()
                .flatMap(page -> look(page.getKey(), page.getValue(), screen, dark).stream())
                .toList();
    }

    private static List<String> look(String name, String address, Browser.Screen screen, boolean dark) {
        String picture = "%s-%s-%s".formatted(name, screen.name().toLowerCase(Locale.ROOT), dark ? "dark" : "light");
        browser.visit(served.url(address));
        List<String> faults = new ArrayList<>(browser.accessibilityFaults());
        if (!browser.fitsItsScreen()) {
            faults.add("it is wider than the screen");
        }
        faults.addAll(browser.console());
        browser.photograph(PICTURES.resolve(picture + ".png"));
        return faults.stream().map(fault -> picture + ": " + fault).toList();
    }
}
