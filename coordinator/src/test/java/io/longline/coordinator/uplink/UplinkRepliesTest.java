package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UplinkRepliesTest {
    private static final Stream ORDERS = new Stream(7, "shop", "uplink.order");
    private static final Uplink.Sender SENDER =
            new Uplink.Sender("shop", "u1", "phone", 41, new Uplink.Place("room-1", 7, 1, 2, 3));
    private static final List<Event> SENT = List.of(event(1), event(2));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway") // nothing is stored here
    private final UplinkReplies replies =
            new UplinkReplies(null, new OneProduct(), () -> Instant.EPOCH, new UplinkMetrics(registry));

    private static Event event(long seq) {
        Map<String, String> says = Map.of(
                EventFields.UPLINK_ID,
                "id-" + seq,
                EventFields.PLACE,
                SENDER.place().text());
        return new Event(ORDERS, seq, 0, SENDER.user(), SENDER.device(), SENDER.generation(), says, ByteString.EMPTY);
    }

    private record OneProduct() implements Products {
        @Override
        public Optional<Product> find(String id) {
            return Optional.of(Product.create(id, Durability.REDIS));
        }

        @Override
        public List<Product> all() {
            return List.of();
        }
    }

    private List<Reply> read(String answer) {
        return replies.read(SENT, ByteString.copyFromUtf8(answer));
    }

    private double unreadable() {
        return registry.counter("longline.coordinator.uplink.replies", "result", "unreadable")
                .count();
    }

    @Test
    void eachReplyGoesToTheSenderOfItsEvent() {
        List<Reply> read = read("{\"reply\":[{\"id\":\"uplink.order.7.2\",\"payload\":\"yes\"},"
                + "{\"id\":\"uplink.order.7.1\",\"payload\":{\"n\":1}}],\"other\":1}");

        assertThat(read).extracting(Reply::inReplyTo).containsExactly("id-2", "id-1");
        assertThat(read).extracting(Reply::text).containsExactly("yes", "{\"n\":1}");
        assertThat(read).extracting(Reply::to).containsOnly(SENDER);
        assertThat(unreadable()).isZero();
    }

    @Test
    void anUplinkThatIsAnsweredAgainHasTheSameMessageAgain() {
        String answer = "{\"reply\":[{\"id\":\"uplink.order.7.1\",\"payload\":\"yes\"}]}";
        assertThat(read(answer)).isEqualTo(read(answer));
        String again =
                "{\"reply\":[{\"id\":\"uplink.order.7.1\",\"payload\":\"a\"},{\"id\":\"uplink.order.7.1\",\"payload\":\"b\"}]}";
        assertThat(read(again)).extracting(Reply::text).containsExactly("a");
        assertThat(unreadable()).isEqualTo(1);
    }

    @Test
    void whatIsNoReplyIsNoneAndCounted() {
        assertThat(read("")).isEmpty();
        assertThat(read("{}")).isEmpty();
        assertThat(read("[]")).isEmpty();
        assertThat(unreadable()).isZero();
        assertThat(read("\u0000{{")).isEmpty();
        assertThat(read("{\"reply\":[{\"id\":\"uplink.order.7.9\",\"payload\":\"x\"}]}"))
                .isEmpty();
        assertThat(read("{\"reply\":[{\"id\":\"uplink.order.7.1\"}]}")).isEmpty();
        assertThat(read("{\"reply\":[7]}")).isEmpty();
        assertThat(read("{\"reply\":[{\"id\":\"uplink.order.7.1\",\"payload\":\"" + "x".repeat(4_097) + "\"}]}"))
                .isEmpty();
        assertThat(unreadable()).isEqualTo(5);
    }
}
