package io.longline.room.transport;

import io.longline.keeper.config.ConfigReader;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What links are allowed.
 *
 * @param kind what links are made of
 * @param ports where to listen; 0: any free one
 * @param loops how many event loops; 0: as many as there are processors
 * @param maxFrameBytes the largest frame a client may send, also joined of fragments
 * @param helloTimeout from the connection to the end of {@code hello}
 * @param linger how long a closed link's socket stays, for the client to read why
 */
public record LinkConfig(
        LinkKind kind, List<Integer> ports, int loops, int maxFrameBytes, Duration helloTimeout, Duration linger) {
    private static final int MAX_LOOPS = 1024;
    private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

    public static LinkConfig read(ConfigReader reader) {
        return read(reader, Epoll.isAvailable());
    }

    /** @param epoll whether this machine has it */
    static LinkConfig read(ConfigReader reader, boolean epoll) {
        LinkKind kind = reader.choice("room.links", epoll ? LinkKind.LEAN : LinkKind.CHANNEL);
        if (kind == LinkKind.LEAN && !epoll) {
            reader.problem("room.links", "channel, because this machine has no epoll");
        }
        List<Integer> ports = new ArrayList<>();
        for (String entry : reader.list("room.listen", "7100")) {
            if (entry.matches("\\d{1,5}") && Integer.parseInt(entry) <= 65_535) {
                ports.add(Integer.parseInt(entry));
            } else {
                reader.problem("room.listen", "ports from 0 to 65535, separated by commas");
            }
        }
        if (ports.isEmpty()) {
            reader.problem("room.listen", "at least one port");
        }
        long maxFrame = reader.size("room.max-frame", "64KiB");
        if (maxFrame < 1024 || maxFrame > MAX_FRAME_BYTES) {
            reader.problem("room.max-frame", "1KiB to 16MiB");
        }
        return new LinkConfig(
                kind,
                List.copyOf(ports),
                reader.integer("room.loops", 0, 0, MAX_LOOPS),
                (int) Math.min(maxFrame, MAX_FRAME_BYTES),
                reader.duration("room.hello-timeout", "10s"),
                reader.duration("room.linger", "2s"));
    }
}
