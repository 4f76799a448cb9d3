package io.longline.center.kick;

import io.longline.center.http.Fields;
import io.longline.center.job.JobKick;
import java.time.Duration;

/** What all bodies of kicks have. */
final class KickBody {
    static final int LONGEST_BLOCK_S = (int) Duration.ofDays(30).toSeconds();
    /** What the close frame of a WebSocket has room for. */
    private static final int LONGEST_REASON = 120;

    private KickBody() {}

    static JobKick read(Fields fields) {
        return new JobKick(
                fields.text("reason", LONGEST_REASON).orElse(""), fields.integer("block_s", 0, 0, LONGEST_BLOCK_S));
    }
}
