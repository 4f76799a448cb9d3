package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.Uplink;
import io.longline.sdk.ConnectionListener;
import io.longline.sdk.LonglineBuilder;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.sdk.state.StateStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An app on the SDK with one endpoint. Its state store outlives its restarts; now and then its listener throws. Any thread. */
public final class SdkPhone {
    private static final int FAILS_EACH = 500;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(2);

    private final String name;
    private final EndpointId endpoint;
    private final Tenant tenant;
    private final History history;
    private final List<Place> dispatchers;
    private final StateStore store = new MemoryStateStore();
    private @Nullable LonglineClient client;
    private @Nullable Life life;
    private final AppUplinks uplinks;
    private boolean wanted;
    private long startAt;

    /** Of the app's thread; the same over all restarts. */
    private int calls;

    public SdkPhone(String name, EndpointId endpoint, Tenant tenant, History history, List<Place> dispatchers) {
        this.name = name;
        this.endpoint = endpoint;
        this.tenant = tenant;
        this.history = history;
        this.dispatchers = List.copyOf(dispatchers);
        this.uplinks = new AppUplinks(history.calls());
    }

    public EndpointId endpoint() {
        return endpoint;
    }

    public synchronized void want() {
        wanted = true;
    }

    /** Has the app follow a topic, or no longer; not before it has been connected once. */
    public synchronized void wish(String topic, boolean follow) {
        LonglineClient present = client;
        Session session = life == null ? null : life.session;
        if (present != null && session != null) {
            history.topics().wish(session, topic, follow, tenant.mayFollow(topic));
            if (follow) {
                present.topics().follow(topic);
            } else {
                present.topics().unfollow(topic);
            }
        }
    }

    /** Has the app send an uplink, under its own id or, where it has none, as a request whose reply it waits for. */
    public void send(Uplink uplink, String text) {
        LonglineClient present;
        Life now;
        synchronized (this) {
            present = client;
            now = life;
        }
        if (!uplink.id().isEmpty()) {
            uplinks.send(present, uplink, text);
        } else if (present != null && now != null) {
            uplinks.request(present, uplink, text, () -> now.session);
        }
    }

    /** Whether all that it was to send is acknowledged. */
    public boolean hasSentAll() {
        return uplinks.isEmpty();
    }

    /** Ends the app in an orderly way; it is started again soon. */
    public void restart() {
        end();
    }

    /** Ends it for good. */
    public void close() {
        synchronized (this) {
            wanted = false;
        }
        end();
    }

    private void end() {
        LonglineClient present;
        synchronized (this) {
            present = client;
            client = null;
            life = null;
            startAt = System.nanoTime() + PAUSE;
        }
        if (present != null) {
            present.close();
            history.topics().appEnded(endpoint);
        }
    }

    /** Starts it where it is wanted and does not run. */
    public synchronized void tick() {
        if (wanted && client == null && System.nanoTime() >= startAt) {
            Life life = new Life();
            this.life = life;
            LonglineBuilder builder = LonglineClient.builder()
                    .product(endpoint.product())
                    .user(endpoint.user())
                    .token(() -> tenant.token(endpoint))
                    .stateStore(store)
                    .heartbeatSeconds(5)
                    .listener(life::take)
                    .connectionListener(life);
            dispatchers.forEach(each -> builder.dispatcher(each.http().toString()));
            if (!endpoint.device().equals(EndpointId.DEFAULT_DEVICE)) {
                builder.device(endpoint.device());
            }
            LonglineClient fresh = builder.build();
            client = fresh;
            fresh.start();
            uplinks.begin(fresh);
        }
    }

    private void take(Session session, Message message) {
        if (message.inReplyTo() != null) {
            uplinks.replied(session, message);
            return;
        }
        Stamp stamp = Stamp.read(message.text()).orElse(null);
        String topic = message.topic();
        if (topic == null) {
            history.handed(session, message.seq(), message.messageId(), stamp, message.maybeRepeated());
        } else {
            history.topics()
                    .handed(session, topic, message.offset(), message.messageId(), stamp, message.maybeRepeated());
        }
        if (++calls % FAILS_EACH == 0) {
            throw new IllegalStateException("this app fails now and then");
        }
    }

    private synchronized void over(LonglineClient gone) {
        if (gone.equals(client)) {
            client = null;
            life = null;
            startAt = System.nanoTime() + PAUSE;
        }
    }

    /** What the app hears in one life; all on the app's thread. */
    private final class Life implements ConnectionListener {
        private volatile @Nullable Session session;

        void take(Message message) {
            Session present = session;
            if (present == null) {
                history.broken(2, name + " is handed a message while it is not connected");
            } else {
                SdkPhone.this.take(present, message);
            }
        }

        @Override
        public void onConnected(String room) {
            session = history.sdkBinding(endpoint, name + " at " + room);
        }

        @Override
        public void onBound(String product, String user) {
            Session present = session;
            if (present != null) {
                history.bound(present, 0);
            }
        }

        @Override
        public void onFollowing(String product, String user, String topic, long offset) {
            Session present = session;
            if (present != null) {
                history.topics().subscribed(present, topic, offset);
            }
        }

        @Override
        public void onGap(String product, String user, String topic, long firstOffset) {
            Session present = session;
            if (present != null) {
                history.topics().gap(present, topic, firstOffset);
            }
        }

        @Override
        public void onTopicRefused(String product, String user, String topic, String reason, String message) {
            Session present = session;
            if (present != null) {
                history.topics().refused(present, topic, reason, tenant.mayFollow(topic));
            }
        }

        @Override
        public void onUnbound(String product, String user, int code, String reason, boolean comesBack) {
            Session present = session;
            if (present != null) {
                history.ended(present, code, reason);
            }
        }

        @Override
        public void onClosed(int code, String reason, boolean comesBack) {
            Session present = session;
            if (present != null) {
                history.ended(present, code, reason);
            }
            LonglineClient gone = client;
            if (!comesBack && gone != null) {
                Thread.ofVirtual().start(() -> {
                    gone.close();
                    history.topics().appEnded(endpoint);
                    over(gone);
                });
            }
        }
    }
}
