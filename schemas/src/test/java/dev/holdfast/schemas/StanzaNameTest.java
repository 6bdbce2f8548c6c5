package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"mcpgov", "a", "0", "main-15", "Orders_2", "a.b", "a..b"})
    void anOrdinaryNameIsValid(String name) {
        assertThat(StanzaName.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../../evil",
                "/etc",
                "a/b",
                "a\\b",
                "-delete",
                "--repo1-path=/",
                "_a",
                ".hidden",
                "a b",
                "a\nb",
                "mcpgov\n",
                "\nmcpgov",
                "a\0b",
                "a;rm",
                "$(id)",
                "`id`",
                "a'b",
                "a\"b",
                "a*",
                "a|b",
                "ä",
                "е",
                "a\u2028",
                "a\u200b",
                "%2e%2e"
            })
    void aNameThatCouldBeAPathAnOptionOrACommandIsNot(String name) {
        assertThat(StanzaName.isValid(name)).isFalse();
    }

    @Test
    void sixtyThreeCharactersAreTheMost() {
        assertThat(StanzaName.isValid("a".repeat(63))).isTrue();
        assertThat(StanzaName.isValid("a".repeat(64))).isFalse();
    }
}
