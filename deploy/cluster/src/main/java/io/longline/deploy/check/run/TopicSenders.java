package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.client.TopicBackEnd;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.TopicSending;
import io.longline.deploy.check.history.UserWish;
import io.longline.deploy.check.run.World.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What back ends and clients do with topics in a run. One topic is followed ever more and never left, as what crosses can be judged least; of
 * each four users one follows nothing. One thread throws the dice.
 */
final class TopicSenders {
    /** Never left. */
    private static final String STEADY = "open-steady";

    /** The last one clients may not follow by themselves. */
    private static final List<String> TOPICS = List.of(STEADY, "open-busy", "open-idle", "closed");

    private static final int MOST_RECENT = 200;
    private static final int NOBODY_EACH = 4;

    private final World world;
    private final Letters letters;
    private final TopicBackEnd backEnd;
    private final Requests requests;
    private final Tally tally;
    private final int centers;
    private final List<User> followers;
    private final List<Sent> recent = new ArrayList<>();

    /** A message that was answered with success. */
    private record Sent(TopicSending send, int size) {}

    TopicSenders(World world, Letters letters, TopicBackEnd backEnd, Requests requests, Tally tally, int centers) {
        this.world = world;
        this.letters = letters;
        this.backEnd = backEnd;
        this.requests = requests;
        this.tally = tally;
        this.centers = centers;
        this.followers = world.users().stream()
                .filter(user -> world.users().indexOf(user) % NOBODY_EACH > 0)
                .toList();
    }

    // ---- back ends ----

    /** Before anything else, some users are made to follow the steady topic. */
    void begin() {
        for (int i = 0; i < followers.size(); i += 2) {
            User user = followers.get(i);
            int center = i;
            UserWish wish = new UserWish(user.tenant().product(), user.name(), STEADY, true);
            requests.put(wish.product(), center % centers, () -> backEnd.wish(wish, center));
        }
        requests.awaitAll();
    }

    boolean send(Random dice) {
        User any = any(world.users(), dice);
        TopicSending send = letters.toTopic(any.tenant(), any(TOPICS, dice), dice);
        int size = 80 + dice.nextInt(500);
        int center = dice.nextInt(centers);
        boolean may = requests.submit(send.product(), center, () -> {
            if (backEnd.send(send, size, center)) {
                sent(new Sent(send, size));
            }
        });
        return counted(may, "sends to topics");
    }

    /** Sends once more what was sent under an id. */
    boolean again(Random dice) {
        Sent sent = anySent(dice);
        int center = dice.nextInt(centers);
        return sent == null
                || sent.send.messageId() == null
                || requests.submit(sent.send.product(), center, () -> backEnd.repeat(sent.send, sent.size, center));
    }

    /** A back end has a user follow, or no longer. */
    boolean wish(Random dice) {
        User user = any(followers, dice);
        boolean follow = dice.nextInt(3) > 0;
        UserWish wish = new UserWish(user.tenant().product(), user.name(), topic(follow, dice), follow);
        int center = dice.nextInt(centers);
        return counted(
                requests.submit(wish.product(), center, () -> backEnd.wish(wish, center)),
                "back ends' wishes of topics");
    }

    private static String topic(boolean follow, Random dice) {
        return any(follow ? TOPICS : TOPICS.subList(1, TOPICS.size()), dice);
    }

    private boolean counted(boolean done, String what) {
        if (done) {
            tally.count(what);
        }
        return done;
    }

    private synchronized void sent(Sent sent) {
        if (recent.size() < MOST_RECENT) {
            recent.add(sent);
        } else {
            recent.set(Math.floorMod(sent.send.number(), MOST_RECENT), sent);
        }
    }

    private synchronized @Nullable Sent anySent(Random dice) {
        return recent.isEmpty() ? null : recent.get(dice.nextInt(recent.size()));
    }

    // ---- clients ----

    /** A client that speaks the protocol by hand wishes something. */
    void wish(Phone phone, EndpointId endpoint, Random dice) {
        boolean follow = dice.nextInt(3) > 0;
        if (isFollower(endpoint)) {
            phone.wish(endpoint, topic(follow, dice), follow);
            tally.count("clients' wishes of topics");
        }
    }

    /** An app does. */
    void wish(SdkPhone phone, Random dice) {
        boolean follow = dice.nextInt(4) > 0;
        if (isFollower(phone.endpoint())) {
            phone.wish(topic(follow, dice), follow);
            tally.count("apps' wishes of topics");
        }
    }

    private boolean isFollower(EndpointId endpoint) {
        return followers.stream().anyMatch(user -> user.endpoints().contains(endpoint));
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }
}
