package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.bench.crowd.Stamp;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A back end that is called with what clients send, and takes it. Any thread. */
public final class EventReceiver implements AutoCloseable {
    private static final int DIGITS = 3;

    private final CallbackServer server = new CallbackServer(this::take);
    private Arrivals arrivals = new Arrivals(0);

    /** What came of one run. */
    public static final class Arrivals {
        private final int run;
        private final Map<String, Sender> senders = new HashMap<>();
        private final Histogram micros = new Histogram(DIGITS);
        private long repeated;
        private long disordered;
        private long requests;
        private final Map<String, Histogram> delays = new HashMap<>();

        private static final class Sender {
            final BitSet numbers = new BitSet();
            int last = -1;
        }

        Arrivals(int run) {
            this.run = run;
        }

        private void add(String user, Stamp stamp) {
            if (stamp.run() != run) {
                return;
            }
            Sender sender = senders.computeIfAbsent(user, _ -> new Sender());
            if (sender.numbers.get(stamp.number())) {
                repeated++;
                return;
            }
            sender.numbers.set(stamp.number());
            if (stamp.number() < sender.last) {
                disordered++;
            }
            sender.last = Math.max(sender.last, stamp.number());
            micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - stamp.dueNanos())));
        }

        /** Each once, however often it came. */
        public long uplinks() {
            return micros.getTotalCount();
        }

        /** Milliseconds from when an uplink was due, what so many percent did not exceed. */
        public double millis(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1e3;
        }

        private void tell(String type, long atMs) {
            delays.computeIfAbsent(type, _ -> new Histogram(DIGITS))
                    .recordValue(Math.max(0, System.currentTimeMillis() - atMs));
        }

        /** Milliseconds from when something of a type happened, by its event, until the event came. */
        public Histogram delaysMs(String type) {
            return delays.getOrDefault(type, new Histogram(DIGITS));
        }

        /** That came again, as at-least-once allows. */
        public long repeated() {
            return repeated;
        }

        /** That came first behind a later one of the same sender: a fault. */
        public long disordered() {
            return disordered;
        }

        public long requests() {
            return requests;
        }
    }

    public String url() {
        return server.url();
    }

    /** What comes from now on counts for this run. */
    public synchronized void begin(int run) {
        arrivals = new Arrivals(run);
    }

    /** How many of the run have come. */
    public synchronized long uplinks() {
        return arrivals.uplinks();
    }

    /** How many events of a type have come. */
    public synchronized long events(String type) {
        return arrivals.delaysMs(type).getTotalCount();
    }

    /** Of the run; to be read when no more come. */
    public synchronized Arrivals arrivals() {
        return arrivals;
    }

    /** What came in one request, or one pull of a group. */
    public synchronized void take(JsonNode events) {
        arrivals.requests++;
        for (JsonNode event : events) {
            String text = event.path("text").asText();
            if (Stamp.isOne(text)) {
                arrivals.add(event.path("user").asText(), Stamp.of(text));
            }
            arrivals.tell(event.path("type").asText(), event.path("ts_ms").asLong());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
