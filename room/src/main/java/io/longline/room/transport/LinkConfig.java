package io.longline.room.transport;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What links are allowed.
 *
 * @param ports where to listen; 0: any free one
 * @param loops how many event loops; 0: as many as there are processors
 * @param maxLinks sockets at a time, also those that have not said yet what they speak
 * @param maxFrameBytes the largest frame a client may send, also joined of fragments
 * @param helloTimeout from the connection to the end of {@code hello}
 * @param linger how long a closed link's socket stays, for the client to read why
 */
public record LinkConfig(
        List<Integer> ports, int loops, int maxLinks, int maxFrameBytes, Duration helloTimeout, Duration linger) {
    private static final int MAX_LOOPS = 1024;
    private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

    public static LinkConfig read(ConfigReader reader) {
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
                List.copyOf(ports),
                reader.integer("room.loops", 0, 0, MAX_LOOPS),
                reader.integer("room.max-links", 18_000, 1, 10_000_000),
                (int) Math.min(maxFrame, MAX_FRAME_BYTES),
                reader.duration("room.hello-timeout", "10s"),
                reader.duration("room.linger", "2s"));
    }
}
