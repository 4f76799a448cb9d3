package io.longline.center.kit;

import io.longline.rpc.v1.BroadcastBehind;
import io.longline.rpc.v1.BroadcastCounts;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The part of {@link FakeRoom} that broadcasts: sessions are a number, and are sent one after the other at the share. One lock around everything. */
public final class FakeBroadcasts {
    private static final int PERMILLE = 1_000;

    private final List<BroadcastRequest> asked = new ArrayList<>();
    private final Map<String, Job> jobs = new HashMap<>();
    private final List<Long> sentAtNanos = new ArrayList<>();
    private int sessions;
    private int slow;
    private int acked;
    private boolean stuck;
    private boolean isOfFormerRelease;

    private static final class Job {
        private long run;
        private long number;
        private int canary;
        private int let;
        private int perS;
        private long from;
        private long until;
        private boolean over;
        private boolean dropped;
    }

    /** Those behind it are asked as it is, in their own turn; a room of an earlier release knows of none. */
    synchronized BroadcastReply ask(BroadcastRequest request) {
        asked.add(request);
        BroadcastReply first = one(request);
        if (isOfFormerRelease) {
            return first;
        }
        BroadcastReply.Builder reply = first.toBuilder().setMerges(true);
        for (BroadcastBehind behind : request.getBehindList()) {
            BroadcastReply its = one(request.toBuilder()
                    .setJobId(behind.getJobId())
                    .setOffset(behind.getOffset())
                    .setRun(behind.getRun())
                    .build());
            reply.addBehind(BroadcastCounts.newBuilder()
                    .setTargeted(its.getTargeted())
                    .setSent(its.getSent())
                    .setAcked(its.getAcked())
                    .setLeft(its.getLeft()));
        }
        return reply.build();
    }

    private BroadcastReply one(BroadcastRequest request) {
        long now = System.nanoTime();
        Job job = jobs.computeIfAbsent(request.getJobId(), _ -> new Job());
        boolean stale = request.getRun() < job.run || (request.getRun() == job.run && request.getNumber() < job.number);
        send(job, now);
        if (stale) {
            return BroadcastReply.newBuilder().setStale(true).build();
        }
        job.run = request.getRun();
        job.number = request.getNumber();
        job.canary = request.getCanaryPermille();
        job.until = Math.min(job.until, now);
        job.dropped |= request.getWish() == BroadcastWish.BROADCAST_DROP;
        if (request.getWish() == BroadcastWish.BROADCAST_OVER) {
            job.over = true;
            letAll(job, now);
        } else if (request.getWish() == BroadcastWish.BROADCAST_SEND && !job.dropped && !stuck) {
            job.perS = request.getPeoplePerS();
            job.until = now + TimeUnit.MILLISECONDS.toNanos(request.getShareMs());
            job.from = job.from == 0 ? now : Math.max(job.from, now);
            send(job, now);
        }
        return reply(job);
    }

    private BroadcastReply reply(Job job) {
        int left = job.dropped ? 0 : Math.max(0, targets(job) - job.let);
        return BroadcastReply.newBuilder()
                .setIncarnation(FakeRoom.INCARNATION)
                .setTargeted(job.let + left)
                .setSent(Math.max(0, job.let - slow))
                .setAcked(Math.min(acked, job.let))
                .setLeft(left)
                .build();
    }

    private int targets(Job job) {
        return job.canary == 0 || job.over ? sessions : sessions * job.canary / PERMILLE;
    }

    /** One at once, the next when its time has come; nothing is saved up. */
    private void send(Job job, long now) {
        if (job.perS == 0 && job.until - now > 0) {
            letAll(job, now);
            return;
        }
        long pause = job.perS == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(1) / job.perS;
        long end = Math.min(now, job.until);
        while (job.perS > 0 && job.let < targets(job) && job.from - end <= 0 && job.until - job.from > 0) {
            sentAtNanos.add(job.from);
            job.let++;
            job.from += pause;
        }
    }

    private void letAll(Job job, long now) {
        while (job.let < targets(job)) {
            sentAtNanos.add(now);
            job.let++;
        }
    }

    /** Nobody is let have anything from now on, or everybody again. */
    public synchronized void stuck(boolean is) {
        stuck = is;
    }

    /** It knows of no broadcasts that are sent together. */
    public synchronized void ofFormerRelease() {
        isOfFormerRelease = true;
    }

    /** So many sessions are here. */
    public synchronized void connect(int count) {
        sessions = count;
    }

    /** So many of those that were let have it are slow to take it. */
    public synchronized void slow(int count) {
        slow = count;
    }

    /** So many have acknowledged what they were sent. */
    public synchronized void ack(int count) {
        acked = count;
    }

    /** What it was asked. */
    public synchronized List<BroadcastRequest> asked() {
        return List.copyOf(asked);
    }

    public synchronized List<BroadcastRequest> asked(BroadcastWish wish) {
        return asked.stream().filter(one -> one.getWish() == wish).toList();
    }

    /** When it sent it to somebody; by {@link System#nanoTime}. */
    public synchronized List<Long> sentAtNanos() {
        return List.copyOf(sentAtNanos);
    }

    /** How many have it by now. */
    public synchronized int sent(String jobId) {
        Job job = jobs.get(jobId);
        if (job == null) {
            return 0;
        }
        send(job, System.nanoTime());
        return job.let;
    }
}
