package io.longline.deploy.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a room sent on one link, as JSON, in order. */
public final class Frames {
    private static final int PATIENCE_S = 30;

    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();

    void add(JsonNode frame) {
        received.add(frame);
    }

    /** The body of the next frame, which must be of this kind. */
    public JsonNode next(String kind) {
        JsonNode frame = next();
        if (!frame.has(kind)) {
            throw new AssertionError("expected " + kind + ", the room sent " + frame);
        }
        return frame.get(kind);
    }

    /** The body of the next frame of this kind; before it only frames of the other kinds may come. */
    public JsonNode skipTo(String kind, String... passedOver) {
        JsonNode frame = next();
        while (!frame.has(kind)) {
            if (Stream.of(passedOver).noneMatch(frame::has)) {
                throw new AssertionError(
                        "expected " + kind + " or one of " + List.of(passedOver) + ", the room sent " + frame);
            }
            frame = next();
        }
        return frame.get(kind);
    }

    /** The bodies of the pushes up to {@code caught_up}; all frames must be one of these. */
    public List<JsonNode> pushesUntilCaughtUp() {
        return pushesUntilCaughtUp(push -> {});
    }

    /** The same; {@code each} is told of every push as it comes, to acknowledge it. */
    public List<JsonNode> pushesUntilCaughtUp(Consumer<JsonNode> each) {
        List<JsonNode> pushes = new ArrayList<>();
        for (JsonNode frame = next(); !frame.has("caught_up"); frame = next()) {
            if (!frame.has("push")) {
                throw new AssertionError("expected push or caught_up, the room sent " + frame);
            }
            pushes.add(frame.get("push"));
            each.accept(frame.get("push"));
        }
        return pushes;
    }

    public boolean isEmpty() {
        return received.isEmpty();
    }

    /** The next frame, of whatever kind. */
    public JsonNode next() {
        try {
            JsonNode frame = received.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("the room sent nothing for " + PATIENCE_S + " s");
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
