package io.longline.bench.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.longline.keeper.http.Json;
import org.junit.jupiter.api.Test;

final class ToldBookTest {
    private final ToldBook book = new ToldBook();

    private void told(long seq, String what, long generation) {
        ArrayNode events = Json.object().putArray("events");
        events.addObject()
                .put("user", "crowd-1")
                .put("seq", seq)
                .put("type", "presence." + what)
                .put("generation", generation);
        book.take(events);
    }

    @Test
    void theLastOneIsKept() {
        told(10, "online", 1);
        told(20, "offline", 1);
        told(30, "online", 2);

        assertThat(book.last("crowd-1").orElseThrow().generation()).isEqualTo(2);
        assertThat(book.last("crowd-2")).isEmpty();
        assertThat(book.wrongs()).isZero();
        assertThat(book.events()).isEqualTo(3);
    }

    @Test
    void whatComesAgainBehindNewerOnesChangesNothing() {
        told(10, "online", 1);
        told(20, "offline", 1);
        told(10, "online", 1);

        assertThat(book.last("crowd-1").orElseThrow().isOnline()).isFalse();
        assertThat(book.wrongs()).isZero();
        assertThat(book.repeated()).isEqualTo(1);
    }

    @Test
    void whatComesFirstBehindALaterOneIsWrong() {
        told(10, "online", 1);
        told(30, "online", 2);
        told(20, "offline", 1);

        assertThat(book.last("crowd-1").orElseThrow().isOnline()).isTrue();
        assertThat(book.wrong()).singleElement().asString().contains("behind a later one", "seq 20");
    }

    @Test
    void anOlderGenerationBehindANewerOneIsWrong() {
        told(10, "online", 2);
        told(20, "offline", 1);

        assertThat(book.wrong()).singleElement().asString().contains("older generation", "crowd-1");
    }
}
