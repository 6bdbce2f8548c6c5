package dev.holdfast.runner.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryRoundsTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration EVERY = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofMillis(20);

    /** Answers of storages that do not answer by themselves, one for each look that waits. */
    private final Semaphore answers = new Semaphore(0);

    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> looks = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<RepositoryRounds> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(RepositoryRounds::close);
    }

    @Test
    void stanzasWhoseStorageDoesNotAnswerDelayNoOther() {
        List<String> stanzas = deadOnes(12);

        rounds(with(stanzas, "healthy"), new LookingPlaces(2, 16, PATIENCE), stanza -> {});

        Awaitility.await("the healthy one is looked at again and again")
                .atMost(LIMIT)
                .until(() -> looks.getOrDefault("healthy", 0) > 20 && waiting.get() == stanzas.size());
        assertThat(looks.keySet()).as("the others have not answered once").containsExactly("healthy");
    }

    @Test
    void noMoreAreLookedAtAtTheSameTimeThanThereArePlaces() {
        List<String> stanzas = deadOnes(30);

        rounds(stanzas, new LookingPlaces(2, 3, PATIENCE), stanza -> {});

        Awaitility.await("all places are taken").atMost(LIMIT).until(() -> waiting.get() == 5);
        answers.release(1_000);
        Awaitility.await("every one has had its turn")
                .atMost(LIMIT)
                .until(() -> looks.keySet().containsAll(stanzas));
        assertThat(most).hasValueLessThanOrEqualTo(5);
    }

    @Test
    void whoeverAnswersAgainIsSlowNoLonger() {
        dead.add("again");
        LookingPlaces places = new LookingPlaces(1, 1, PATIENCE);
        rounds(List.of("again"), places, stanza -> {});
        Awaitility.await("it is slow").atMost(LIMIT).until(() -> places.isSlow("again"));

        dead.clear();
        answers.release();

        Awaitility.await("it is slow no longer").atMost(LIMIT).until(() -> !places.isSlow("again"));
        assertThat(looks).containsKey("again");
    }

    @Test
    void aLookThatFailsEndsNoRoundAndTheCheckHasItsTurn() {
        AtomicInteger checks = new AtomicInteger();
        dead.add("spoilt");

        rounds(List.of("spoilt"), new LookingPlaces(1, 1, Duration.ofMinutes(1)), stanza -> {
            if (checks.incrementAndGet() == 1) {
                throw new IllegalStateException("made to fail");
            }
        });
        answers.release(1_000);

        Awaitility.await("looks and checks go on")
                .atMost(LIMIT)
                .until(() -> looks.getOrDefault("spoilt", 0) > 2 && checks.get() > 2);
    }

    private void rounds(List<String> stanzas, LookingPlaces places, RepositoryRounds.Visit check) {
        RepositoryRounds rounds = new RepositoryRounds(stanzas, EVERY, places, this::look, check);
        opened.add(rounds);
        rounds.start();
    }

    private void look(String stanza) throws InterruptedException {
        if (dead.contains(stanza)) {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            try {
                answers.acquire();
            } finally {
                waiting.decrementAndGet();
            }
        }
        looks.merge(stanza, 1, Integer::sum);
    }

    private List<String> deadOnes(int number) {
        List<String> stanzas =
                IntStream.range(0, number).mapToObj(each -> "dead-" + each).toList();
        dead.addAll(stanzas);
        return stanzas;
    }

    private static List<String> with(List<String> stanzas, String another) {
        List<String> all = new ArrayList<>(stanzas);
        all.add(another);
        return all;
    }
}
