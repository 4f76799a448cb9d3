package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastTopics;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the word that a topic reaches so far to all sessions of this room that follow it. */
public final class Reach {
    private static final Logger log = LoggerFactory.getLogger(Reach.class);

    private static final CompletableFuture<TopicReached> NOBODY =
            CompletableFuture.completedFuture(new TopicReached(0, 0));

    private final List<TopicLoop> loops;
    private final BroadcastTopics broadcasts;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;

    public Reach(List<TopicLoop> loops, BroadcastTopics broadcasts, LongSupplier nowMs, RoomMetrics metrics) {
        this.loops = loops;
        this.broadcasts = broadcasts;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** Word of one topic, which a call brings with others. */
    public record Word(String product, String topic, TopicHint hint) {}

    /** Ends when every follower was visited. Of broadcasts it says that everybody may read them so far. */
    public CompletableFuture<TopicReached> tell(String product, String topic, TopicHint hint) {
        return tell(List.of(new Word(product, topic, hint))).getFirst();
    }

    /** The same of several, in their order: each loop is told of all of them at once. */
    public List<CompletableFuture<TopicReached>> tell(List<Word> words) {
        for (Word word : words) {
            if (BroadcastTopic.is(word.topic)) {
                broadcasts.appeared(word.product, word.topic, false).opens(word.hint.offset());
            }
        }
        List<CompletableFuture<TopicReached>> all = Collections.nCopies(words.size(), NOBODY);
        for (TopicLoop topics : loops) {
            List<CompletableFuture<TopicReached>> ofLoop = begin(topics, words);
            List<CompletableFuture<TopicReached>> before = all;
            all = IntStream.range(0, words.size())
                    .mapToObj(i -> before.get(i).thenCombine(ofLoop.get(i), TopicReached::plus))
                    .toList();
        }
        if (log.isDebugEnabled()) {
            for (int i = 0; i < words.size(); i++) {
                Word word = words.get(i);
                CompletableFuture<Void> _ = all.get(i).thenAccept(reached -> tell(word, reached));
            }
        }
        return all;
    }

    private List<CompletableFuture<TopicReached>> begin(TopicLoop topics, List<Word> words) {
        List<CompletableFuture<TopicReached>> done = Stream.generate(CompletableFuture<TopicReached>::new)
                .limit(words.size())
                .toList();
        topics.loop().execute(() -> {
            for (int i = 0; i < words.size(); i++) {
                begin(topics, words.get(i), done.get(i));
            }
        });
        return done;
    }

    private void begin(TopicLoop topics, Word word, CompletableFuture<TopicReached> done) {
        try {
            begin(topics, word.product, word.topic, word.hint, done);
        } catch (RuntimeException e) {
            done.completeExceptionally(e); // the others are told all the same
        }
    }

    private static void tell(Word word, TopicReached reached) {
        TopicHint hint = word.hint;
        log.debug(
                "reach message_id={} topic={}/{} offset={} followers={} written={}",
                hint.message() == null ? "" : hint.message().id(),
                word.product,
                word.topic,
                hint.offset(),
                reached.followers(),
                reached.written());
    }

    private void begin(
            TopicLoop topics, String product, String topic, TopicHint hint, CompletableFuture<TopicReached> done) {
        Followers followers = topics.table().followers(product, topic);
        if (followers == null) {
            done.complete(new TopicReached(0, 0));
        } else if (!BroadcastTopic.is(topic) && topics.merging().collects(followers, hint)) {
            done.complete(new TopicReached(followers.size(), 0)); // written when the window is over
        } else {
            new ReachWalk(topics, followers, hint, nowMs.getAsLong(), metrics, done).goOn();
        }
    }
}
