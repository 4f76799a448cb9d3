package io.longline.deploy.kit;

import static org.awaitility.Awaitility.await;

import io.longline.v1.Push;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Many users, a session each on a few native links, spread over rooms. They acknowledge what comes of topics, come back when a link breaks,
 * saying what they have, and note when each message came. They leave nothing out that comes twice.
 */
public final class Crowd implements AutoCloseable, CrowdLink.Ear {
    private static final int ON_A_LINK = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PASS_MS = 5;
    /** A reader that was away for longer than this does not know when what it finds then came, and neither do proxies in this process. */
    private static final long STANDSTILL = Duration.ofMillis(50).toNanos();

    private static final long AFTERMATH = Duration.ofSeconds(1).toNanos();

    private final List<CrowdMember> members = new ArrayList<>();
    private final List<CrowdLink> links = new ArrayList<>();
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Selector selector;
    private final Thread thread = Thread.ofPlatform().name("crowd").unstarted(this::run);
    private volatile boolean over;
    private long lastPass;
    private long stoodSince;
    private long stoodUntil;

    private Crowd() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All bound. Its users are {@code name-0} and so on. */
    public static Crowd at(List<InetSocketAddress> rooms, TestProduct product, String name, int size) {
        Crowd crowd = new Crowd();
        for (int from = 0; from < size; from += ON_A_LINK) {
            List<CrowdMember> together = new ArrayList<>();
            for (int i = from; i < Math.min(size, from + ON_A_LINK); i++) {
                together.add(new CrowdMember(i - from + 1, product, name + "-" + i));
            }
            crowd.members.addAll(together);
            crowd.links.add(new CrowdLink(together, rooms, crowd.links.size(), crowd.selector, crowd));
        }
        crowd.lastPass = System.nanoTime();
        crowd.stoodSince = crowd.lastPass;
        crowd.stoodUntil = crowd.lastPass;
        crowd.thread.start();
        return crowd.awaitBound();
    }

    public Crowd awaitBound() {
        await().atMost(PATIENCE).until(() -> members.stream().allMatch(member -> member.bound));
        return this;
    }

    public List<String> users() {
        return members.stream().map(member -> member.user).toList();
    }

    public Arrivals arrivals() {
        return new Arrivals(arrivals);
    }

    /** Until all have this text, or have had it. */
    public void awaitAll(String text) {
        await().atMost(PATIENCE).until(() -> arrivals().of(text).users().size() >= members.size());
    }

    /** Until so many have this text. */
    public void awaitSome(String text, int users) {
        await().atMost(PATIENCE).until(() -> arrivals().of(text).size() >= users);
    }

    /** Gaps, and what rooms did not do. */
    public List<String> complaints() {
        return complaints;
    }

    /** All leave without a word and come to these rooms. */
    public void moveTo(List<InetSocketAddress> rooms) {
        tasks.add(() -> links.forEach(link -> link.moveTo(rooms)));
    }

    private void run() {
        try {
            while (!over) {
                selector.select(PASS_MS);
                pass();
            }
        } catch (IOException e) {
            complaints.add(e.toString());
        }
        links.forEach(CrowdLink::broken);
    }

    private void pass() {
        long now = System.nanoTime();
        if (now - lastPass > STANDSTILL) {
            boolean another = lastPass - stoodUntil > AFTERMATH;
            stoodSince = another ? lastPass : stoodSince;
            stoodUntil = now;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((CrowdLink) key.attachment()).ready(key);
        }
        selector.selectedKeys().clear();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        links.forEach(link -> link.tend(now));
        lastPass = now;
    }

    @Override
    public void push(CrowdMember member, Push push) {
        long now = System.nanoTime();
        long after = now - stoodUntil > AFTERMATH ? lastPass : stoodSince;
        arrivals.add(new Arrival(member.user, push.getTopic(), push.getOffset(), push.getText(), after, now));
    }

    @Override
    public void complaint(String what) {
        complaints.add(what);
    }

    @Override
    public void close() {
        over = true;
        selector.wakeup();
        try {
            thread.join();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
