package io.longline.room.it;

import io.longline.room.RoomMain;
import io.longline.stores.EmbeddedZooKeeper;
import io.longline.stores.OwnJava;
import io.longline.stores.Signals;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** One room in a process of its own, which can be stopped and continued, with its surroundings in this one. */
final class RoomProcess extends Surroundings {
    private final Process process;

    RoomProcess(EmbeddedZooKeeper store, Map<String, String> settings) {
        super(store);
        List<String> command = new ArrayList<>(List.of(
                OwnJava.program(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                OwnJava.classPath(),
                RoomMain.class.getName(),
                "--instance=" + instance(),
                "--cluster=" + cluster,
                "--zookeeper.hosts=" + store.uri(),
                "--room.listen=0",
                "--room.loops=2",
                "--room.links=" + RoomWorld.USUAL_LINKS,
                "--admin.port=0",
                "--rpc.port=0"));
        settings.forEach((key, value) -> command.add("--" + key + "=" + value));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("target", cluster + "-room.log"))
                    .start();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
        parts.add(() -> {
            Signals.resume(process.pid());
            process.destroy();
            process.waitFor();
        });
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !announcedRooms().isEmpty());
        awaitRoom();
    }

    /** SIGSTOP: nothing of it runs until it is continued; its sockets stay. */
    void stop() {
        Signals.stop(process.pid());
    }

    /** SIGCONT. */
    void resume() {
        Signals.resume(process.pid());
    }

    @Override
    String instance() {
        return "room-of-" + cluster;
    }

    @Override
    int linkPort() {
        return announced().addresses().getFirst().port();
    }
}
