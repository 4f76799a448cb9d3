package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.cluster.ClusterOptions;
import io.longline.deploy.cluster.ClusterPorts;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.Folders;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.service.ThisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;

/**
 * {@code longline rehearse}: what users do after a start, once, in a temporary folder and on any ports. {@code deploy/longline}
 * runs it with Java's {@code -XX:AOTCacheOutput}: what was loaded and linked here is quick to start later (JEP 514).
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Runs a cluster in a temporary folder, sends one push through it, and ends.")
final class Rehearsal implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("longline-rehearsal-");
        System.setProperty("longline.home", folder.resolve("home").toString());
        ClusterOptions options = ClusterOptions.in(folder.resolve("data")).withPorts(ClusterPorts.ANY);
        CommandLog.toFile(options.data());
        LocalCluster cluster = new LocalCluster(options, new ThisProcess(), line -> {});
        Thread end = new Thread(() -> end(cluster, folder), "end"); // also where it is told to end
        Runtime.getRuntime().addShutdownHook(end);
        cluster.start();
        walk();
        return 0;
    }

    private static void end(LocalCluster cluster, Path folder) {
        cluster.close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk() throws Exception {
        FutureTask<Integer> listener = new FutureTask<>(() ->
                run("listen", "--product", DemoProduct.ID, "--user", "alice", "--device", "phone", "--count", "1"));
        Thread.ofPlatform().daemon().name("listener").start(listener);
        require("token", "--product", DemoProduct.ID, "--user", "alice");
        require(
                "push",
                "--product",
                DemoProduct.ID,
                "--user",
                "alice",
                "--device",
                "phone",
                "--secret",
                DemoProduct.API_SECRET,
                "--wait",
                "10s",
                "hello");
        if (listener.get() != 0) {
            throw new ClusterException("the push did not arrive");
        }
        require("product", "list");
        require("config", "get");
        require("status");
    }

    private static void require(String... arguments) {
        if (run(arguments) != 0) {
            throw new ClusterException("longline " + String.join(" ", arguments) + " failed");
        }
    }

    private static int run(String... arguments) {
        return LonglineMain.commandLine().execute(arguments);
    }
}
