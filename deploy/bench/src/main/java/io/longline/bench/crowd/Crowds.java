package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Many clients, in as many processes as the limit of open files asks for. Clients have numbers from 0 on; each process has an equal share
 * of each call of {@link #connect}. For one thread.
 */
public final class Crowds implements AutoCloseable {
    /** Links of one process; the limit of open files is 20,000 in many places. */
    public static final int MOST_LINKS = 18_000;

    /** Of all clients. */
    public static final String DEVICE = CrowdProcess.DEVICE;

    /** Of what clients send. */
    public static final String UPLINK_TYPE = "bench";

    public static final int HANDSHAKES_AT_ONCE = 256;

    private static final Duration BOUND_WITHIN = Duration.ofMinutes(2);

    private final List<CrowdProcess> processes = new ArrayList<>();
    private int clients;

    /**
     * Starts the processes, without any connection.
     *
     * @param most clients that there will be
     * @param logs the folder of their logs
     */
    public static Crowds start(CrowdSetup setup, int most, Path logs) {
        Crowds crowds = new Crowds();
        try {
            for (int i = 0; i * MOST_LINKS < most; i++) {
                crowds.processes.add(CrowdProcess.start(setup, logs.resolve("crowd-" + (i + 1) + ".log")));
            }
            return crowds;
        } catch (RuntimeException e) {
            crowds.close();
            throw e;
        }
    }

    /** Whom the client of an index is. */
    public static String user(int index) {
        return CrowdProcess.user(index);
    }

    /** By name. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        for (CrowdProcess process : processes) {
            pids.put("crowd-" + (pids.size() + 1), process.pid());
        }
        return pids;
    }

    public int clients() {
        return clients;
    }

    /** Connects and binds so many more clients, in the first room that they know; throws where not all are bound in time. */
    public void connect(int count) {
        connect(count, 0);
    }

    /** Likewise, in the room of this index among those that they know. */
    public void connect(int count, int room) {
        List<JsonNode> answers = all(i -> {
            int from = (int) ((long) count * i / processes.size());
            int to = (int) ((long) count * (i + 1) / processes.size());
            return command("connect")
                    .put("first", clients + from)
                    .put("count", to - from)
                    .put("room", room)
                    .put("at_once", HANDSHAKES_AT_ONCE / processes.size())
                    .put("patience_ms", BOUND_WITHIN.toMillis());
        });
        int bound = answers.stream()
                .mapToInt(answer -> answer.path("newly_bound").asInt())
                .sum();
        if (bound < count) {
            throw new ClusterException("%d of %d clients could be bound within %d s: %s"
                    .formatted(bound, count, BOUND_WITHIN.toSeconds(), problem(answers)));
        }
        clients += count;
    }

    /** So many more clients are there, and away; {@link #comeAndGo} has them come. */
    public void know(int count) {
        all(i -> {
            int from = (int) ((long) count * i / processes.size());
            int to = (int) ((long) count * (i + 1) / processes.size());
            return command("know").put("first", clients + from).put("count", to - from);
        });
        clients += count;
    }

    /**
     * So many changes a second, each of one client, whichever: who is there goes, or has another link at once or a moment later, and who is
     * away comes; 0: none any more, and who is on the way arrives.
     *
     * @param helloWithin who has no session after that time tries elsewhere, now and afterwards
     */
    public void comeAndGo(double perSecond, Duration helloWithin) {
        tell(command("come_and_go").put("per_s", perSecond / processes.size()).put("hello_ms", helloWithin.toMillis()));
    }

    /** Clients that are not yet as they wish, connected or away. */
    public int restless() {
        return all(i -> command("state")).stream()
                .mapToInt(answer -> answer.path("restless").asInt())
                .sum();
    }

    /** Who has a session, as the clients know. */
    public Standing standing() {
        return Standing.of(all(i -> command("standing")), clients);
    }

    /** Ends all connections; the next client is number 0 again, and remembers nothing. */
    public void disconnect() {
        tell(command("disconnect"));
        clients = 0;
    }

    /** What was counted since the last call. */
    public CrowdCounts counts() {
        CrowdCounts sum = new CrowdCounts();
        all(i -> command("counts")).forEach(answer -> sum.add(CrowdCounts.of(answer)));
        return sum;
    }

    /** Clients that lost their link and have not caught up on another one. */
    public int away() {
        return all(i -> command("state")).stream()
                .mapToInt(answer -> answer.path("away").asInt())
                .sum();
    }

    /** How often clients were told that they follow a topic; with one topic, and each bound once, how many follow it. */
    public int following() {
        return all(i -> command("state")).stream()
                .mapToInt(answer -> answer.path("following").asInt())
                .sum();
    }

    /** What went wrong first, empty if nothing did. */
    public String problem() {
        return problem(all(i -> command("state")));
    }

    private static String problem(List<JsonNode> answers) {
        return answers.stream()
                .map(answer -> answer.path("problem").asText())
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** How many messages of a run have not come, of so many that went to the clients in turn. */
    public long missing(int run, long total) {
        return all(i -> command("missing").put("run", run).put("total", total).put("users", clients)).stream()
                .mapToLong(answer -> answer.path("missing").asLong())
                .sum();
    }

    /** How many messages of a run have not come, of so many to topics that each client was to have. These runs are others than those of {@link #missing}. */
    public long missingOfTopics(int run, long each) {
        return all(i -> command("missing").put("run", run).put("total", each).put("of_topics", true)).stream()
                .mapToLong(answer -> answer.path("missing").asLong())
                .sum();
    }

    /** So many clients a second drop their link and come back at the same room, after anything up to that time; 0: none any more. */
    public void drop(double perSecond, Duration away) {
        tell(command("drop").put("per_s", perSecond / processes.size()).put("away_ms", away.toMillis()));
    }

    /** So many clients a second say {@code ping}, one after the other; 0: none any more. */
    public void ping(double perSecond) {
        tell(command("ping").put("per_s", perSecond / processes.size()));
    }

    /** So many clients a second send an uplink, a {@link Stamp} of this run and size, one after the other; 0: none any more. */
    public void send(double perSecond, Sending how, int run, int size) {
        tell(command("send")
                .put("per_s", perSecond / processes.size())
                .put("how", how.name())
                .put("run", run)
                .put("size", size));
    }

    /** Whether each message with a seq, or of a topic, is acknowledged. */
    public void acks(boolean on) {
        tell(command("acks").put("on", on));
    }

    /** Whether clients that lose their link connect anew, to any room. */
    public void comeBack(boolean on) {
        tell(command("come_back").put("on", on));
    }

    /** So many clients read nothing more, all others read. */
    public void stall(int count) {
        all(i -> command("stall").put("count", share(count, i)));
    }

    private int share(int count, int index) {
        return count / processes.size() + (index < count % processes.size() ? 1 : 0);
    }

    private static ObjectNode command(String name) {
        return Json.object().put("do", name);
    }

    private void tell(ObjectNode command) {
        all(i -> command);
    }

    /** Each is asked at the same time. */
    private List<JsonNode> all(IntFunction<ObjectNode> commands) {
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            CrowdProcess process = processes.get(i);
            ObjectNode command = commands.apply(i);
            answers.add(CompletableFuture.supplyAsync(() -> process.ask(command), Thread.ofVirtual()::start));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        processes.forEach(CrowdProcess::close);
    }
}
