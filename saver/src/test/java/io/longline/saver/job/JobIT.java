package io.longline.saver.job;

import static io.longline.saver.testing.JobsClient.job;
import static io.longline.saver.testing.SaverClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.BroadcastProgress;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Job;
import io.longline.rpc.v1.JobKick;
import io.longline.rpc.v1.JobProgress;
import io.longline.rpc.v1.JobState;
import io.longline.rpc.v1.ReportReply;
import io.longline.rpc.v1.RoomProgress;
import io.longline.rpc.v1.TakeReply;
import io.longline.rpc.v1.TakeWhat;
import io.longline.saver.testing.JobsClient;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs as centers meet them, through two savers: a loss of Redis is nothing to them, and acks are counted. */
@Timeout(180)
final class JobIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final AtomicInteger ids = new AtomicInteger();
    private static SaverCluster cluster;
    private static SaverClient client;
    private static JobsClient jobs;
    private final String id = "job-" + ids.incrementAndGet();

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        cluster.start();
        client = cluster.client;
        jobs = new JobsClient(client);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private Job queue(String product, int targets) {
        Job job = job(product, id, targets);
        for (int part = 0; part < targets; part++) {
            jobs.append(job, part);
        }
        return jobs.submit(job, 1);
    }

    @Test
    void whatWasQueuedIsTakenPartByPartAndEnds() {
        Job queued = queue("demo", 2);
        assertThat(queued.getState()).isEqualTo(JobState.JOB_QUEUED);
        assertThat(jobs.list("demo")).contains(jobs.find(queued));
        assertThat(jobs.findByMessage(queued).getBodyHash().toStringUtf8()).isEqualTo("body");

        TakeReply taken = jobs.take(60_000);
        assertThat(taken.getJob().getJobId()).isEqualTo(id);
        assertThat(taken.getPush().toStringUtf8()).isEqualTo("push");
        assertThat(taken.getPartSize()).isEqualTo(1);
        assertThat(jobs.part(queued, 1).toStringUtf8()).isEqualTo("targets of 1");
        JobProgress progress = JobProgress.newBuilder()
                .setDone(2)
                .setSent(1)
                .setCopies(1)
                .putSkipped("doubled", 1)
                .build();
        assertThat(jobs.report(taken, progress, JobState.JOB_DONE).getState()).isEqualTo(JobState.JOB_DONE);
        assertThat(jobs.find(queued).getProgress()).isEqualTo(progress);
        assertThat(jobs.take(60_000).hasJob()).isFalse();
    }

    @Test
    void usersAreKickedByAJobThatIsOfNoMessage() {
        JobKick kick =
                JobKick.newBuilder().setReason("signed out").setBlockS(60).build();
        Job job = job("demo", id, 1).toBuilder().setMessageId(id).setKick(kick).build();
        jobs.append(job, 0);

        Job queued = jobs.submitKick(job, 1);

        assertThat(queued.getKick()).isEqualTo(kick);
        assertThat(jobs.find(queued).getKick()).isEqualTo(kick);
        assertThat(jobs.take(60_000).hasJob()).isFalse();
        TakeReply taken = jobs.take(TakeWhat.TAKE_TO_KICK, 60_000);
        assertThat(taken.getJob().getKick()).isEqualTo(kick);
        assertThat(jobs.part(queued, 0).toStringUtf8()).isEqualTo("targets of 0");
        JobProgress progress =
                JobProgress.newBuilder().setDone(1).setSent(1).setCopies(2).build();
        jobs.report(taken, progress, JobState.JOB_DONE);
        assertThat(jobs.find(queued).getProgress()).isEqualTo(progress);
        assertThat(jobs.find(queued).getAcked()).isZero();
        assertWrong("kick.block_s", job.toBuilder().setKick(kick.toBuilder().setBlockS(2_592_001)));
        assertWrong("kick", job.toBuilder().clearKick());
        assertWrong("kick", job.toBuilder().setTopic("*"));
    }

    private static void assertWrong(String field, Job.Builder kick) {
        assertThatThrownBy(() -> jobs.submitKick(kick.build(), 1)).hasMessageContaining(field + ":");
    }

    @Test
    void aLossOfRedisIsNothingToAJob() {
        Job queued = queue("fast", 1);
        RedisStore.await(cluster.redis.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));
        assertThat(jobs.find(queued).getState()).isEqualTo(JobState.JOB_QUEUED);
        assertThat(jobs.take(60_000).getJob().getJobId()).isEqualTo(id);
        jobs.change(queued, JobState.JOB_CANCELLED);
    }

    @Test
    void acksOfItsCopiesAreCountedOnceAndThoseOfOthersAreNot() {
        Job queued = queue("demo", 1);
        assertThat(jobs.find(queued).getAcked()).isZero();
        Endpoint first = SaverCluster.someone("demo");
        Endpoint second = SaverCluster.someone("demo");
        long seq = store(first, queued);
        store(second, queued);
        client.store(second, "another-" + id);
        long last = client.inbox(second).getLast().getSeq();
        TakeReply taken = jobs.take(60_000);
        jobs.report(
                taken,
                JobProgress.newBuilder().setDone(1).setSent(1).setCopies(2).build(),
                JobState.JOB_DONE);
        assertThat(jobs.find(queued).getAcked()).isZero();

        client.ack(first, seq);
        client.ack(first, seq);
        assertThat(jobs.find(queued).getAcked()).isEqualTo(1);
        client.ack(second, last);
        assertThat(jobs.find(queued).getAcked()).isEqualTo(2);
    }

    @Test
    void aBroadcastComesWithoutAListAndEndsWithWhatItsRoomsCount() {
        Job fresh = broadcast("*news");
        Job queued = jobs.submit(fresh, 0);
        assertThat(queued.getTopic()).isEqualTo("*news");
        assertThat(queued.getCanaryPermille()).isEqualTo(10);
        assertThat(queued.getBytesPerS()).isEqualTo(90_000);
        assertThat(queued.getBytesEach()).isEqualTo(164);
        assertThat(jobs.submit(fresh, 0)).isEqualTo(queued);
        assertThat(jobs.take(60_000).hasJob()).as("it has no list").isFalse();

        TakeReply taken = jobs.take(TakeWhat.TAKE_TO_BROADCAST, 60_000);
        assertThat(taken.getJob().getJobId()).isEqualTo(id);
        assertThat(taken.getPush().toStringUtf8()).isEqualTo("push");
        assertThat(taken.getGivenBack()).isTrue();
        assertThat(taken.getSharing()).isEqualTo(1);
        BroadcastProgress canary = progress(8, 5);
        assertThat(jobs.report(taken, canary, JobState.JOB_HOLDING).getState()).isEqualTo(JobState.JOB_HOLDING);
        assertThat(jobs.find(queued).getBroadcast()).isEqualTo(canary);
        assertThat(jobs.list("demo")).contains(jobs.find(queued));

        assertThat(jobs.bytes(queued, 4_000).getBytesPerS()).isEqualTo(4_000);
        assertThat(jobs.canary(queued, 0).getState()).isEqualTo(JobState.JOB_RUNNING);
        TakeReply again = jobs.take(TakeWhat.TAKE_TO_BROADCAST, 60_000);
        assertThat(again.getJob().getBroadcast()).isEqualTo(canary);
        BroadcastProgress all = progress(9, 7);
        ReportReply ended = jobs.report(again, all, JobState.JOB_DONE);
        assertThat(ended.getState()).isEqualTo(JobState.JOB_DONE);
        assertThat(ended.getCanaryPermille()).isZero();
        assertThat(ended.getBytesPerS()).isEqualTo(4_000);
        assertThat(ended.getSharing()).isEqualTo(1);
        assertThat(jobs.find(queued).getBroadcast()).isEqualTo(all);
        assertThat(jobs.find(queued).getAcked()).isEqualTo(7);
        assertThat(jobs.report(taken, all, JobState.JOB_DONE).getLost()).isTrue();
    }

    private Job broadcast(String topic) {
        return job("demo", id, 0).toBuilder()
                .setTopic(topic)
                .setCanaryPermille(10)
                .setBytesPerS(90_000)
                .setBytesEach(164)
                .build();
    }

    private static BroadcastProgress progress(int sent, int acked) {
        RoomProgress room = RoomProgress.newBuilder()
                .setTargeted(10)
                .setSent(sent)
                .setAcked(acked)
                .setLeft(1)
                .build();
        return BroadcastProgress.newBuilder()
                .setOffset(1_024)
                .putRooms("room-1/77", room)
                .build();
    }

    private static long store(Endpoint endpoint, Job job) {
        return client.store(message(endpoint, job.getMessageId()).toBuilder()
                        .setJobId(job.getJobId())
                        .build())
                .getSeq();
    }

    @Test
    void wrongRequestsAreNamed() {
        Job good = job("demo", id, 1);
        assertThatThrownBy(() -> jobs.append(good.toBuilder().setJobId("a/b").build(), 0))
                .hasMessageContaining("job_id");
        assertThatThrownBy(() -> jobs.append(good, -1)).hasMessageContaining("part");
        assertThatThrownBy(() -> jobs.submit(good, 0)).hasMessageContaining("part_size");
        assertThatThrownBy(() -> jobs.find(good)).hasMessageContaining("is not known");
        assertThatThrownBy(() -> jobs.change(good, JobState.JOB_DONE)).hasMessageContaining("state");
        assertThatThrownBy(() -> jobs.submit(broadcast("news"), 0)).hasMessageContaining("topic");
        assertThatThrownBy(() -> jobs.submit(
                        broadcast("*").toBuilder().setCanaryPermille(1_001).build(), 0))
                .hasMessageContaining("canary_permille");
        assertThatThrownBy(() -> jobs.submit(broadcast(""), 1)).hasMessageContaining("canary_permille");
        assertThatThrownBy(() -> jobs.submit(good.toBuilder().setBytesPerS(1).build(), 1))
                .hasMessageContaining("bytes_per_s");
        assertThatThrownBy(() ->
                        jobs.submit(broadcast("*").toBuilder().setBytesPerS(-1).build(), 0))
                .hasMessageContaining("bytes_per_s");
        TakeReply none = TakeReply.newBuilder().setJob(good).setRun(1).build();
        assertThatThrownBy(() -> jobs.report(
                        none,
                        BroadcastProgress.newBuilder()
                                .putRooms("a room", RoomProgress.getDefaultInstance())
                                .build(),
                        JobState.JOB_DONE))
                .hasMessageContaining("broadcast.rooms");
        assertThatThrownBy(() -> jobs.report(none, JobProgress.getDefaultInstance(), JobState.JOB_HOLDING))
                .hasMessageContaining("end");
        assertThatThrownBy(() -> jobs.take(0)).hasMessageContaining("lease_ms");
    }
}
