package dev.holdfast.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.Policy;
import dev.holdfast.events.PolicyState;
import dev.holdfast.testsupport.PolicyEvents;
import org.junit.jupiter.api.Test;

class PolicyBookTest {

    private final PolicyBook book = new PolicyBook();

    @Test
    void theNewestVersionCountsInWhateverOrderTheyAreRead() {
        Policy second =
                PolicyEvents.policy("one").setVersion(2).setReason("second").build();
        book.accept(second);
        book.accept(PolicyEvents.policy("one").setVersion(1).build());

        assertThat(book.latest("one")).contains(second);
    }

    @Test
    void stanzasWithTheSamePolicyShareItsDefinitionAndNothingIsLost() {
        Policy one = PolicyEvents.policy("one").build();
        Policy other = PolicyEvents.policy("other").setReason("another").build();
        book.accept(one);
        book.accept(other);

        assertThat(book.latest("one")).contains(one);
        assertThat(book.latest("other")).contains(other);
        assertThat(book.latest("other").orElseThrow().getDefinition())
                .isSameAs(book.latest("one").orElseThrow().getDefinition());
    }

    @Test
    void aDigestThatLiesMakesNobodyShareAnothersDefinition() {
        Policy one = PolicyEvents.policy("one").build();
        Policy liar = PolicyEvents.policy("liar")
                .setDefinition(
                        PolicyEvents.definition().setTimezone("Asia/Kolkata").build())
                .build();
        book.accept(one);
        book.accept(liar);

        assertThat(book.latest("liar")).contains(liar);
    }

    @Test
    void aRemovedPolicyIsKnownButNotInForce() {
        book.accept(PolicyEvents.policy("one")
                .setState(PolicyState.REMOVED)
                .setVersion(2)
                .build());

        assertThat(book.latest("one")).isPresent();
        assertThat(book.inForce()).isEmpty();
    }
}
