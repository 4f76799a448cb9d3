package io.longline.deploy.kit;

import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.TopicPosition;
import java.util.Map;
import java.util.TreeMap;

/** One of a crowd, device {@code phone}: it knows what it has of each topic, and says so when it comes back. */
final class CrowdMember {
    final String user;
    private final int ref;
    private final String product;
    private final String token;
    private final Map<String, Long> offsets = new TreeMap<>();
    /** When it says again that it wants to be bound; only while it is not. */
    long againNanos;

    volatile boolean bound;

    CrowdMember(int ref, TestProduct product, String user) {
        this.ref = ref;
        this.product = product.id();
        this.user = user;
        this.token = product.token(user);
    }

    Bind bind() {
        Bind.Builder bind =
                Bind.newBuilder().setRef(ref).setProduct(product).setUser(user).setToken(token);
        offsets.forEach((topic, offset) -> bind.addTopics(
                TopicPosition.newBuilder().setTopic(topic).setAfter(offset).setResume(true)));
        return bind.build();
    }

    /** Answers the acknowledgement of it. */
    ClientFrame got(String topic, long offset) {
        offsets.merge(topic, offset, Math::max);
        return ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(ref).setTopic(topic).setOffset(offset))
                .build();
    }
}
