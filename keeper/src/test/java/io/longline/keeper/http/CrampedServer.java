package io.longline.keeper.http;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with an HTTP server, to be started with few files; says its port, takes all files that are left when told so, gives them
 * back at the next line, and ends with its input.
 */
final class CrampedServer {
    private CrampedServer() {}

    @SuppressWarnings("SystemOut") // whoever started it reads that
    public static void main(String[] args) throws IOException, InterruptedException {
        HttpServer server = new HttpServer(
                new HttpConfig(0, 1 << 20, 8, 10_000, Duration.ofSeconds(30), Duration.ofSeconds(1)),
                new SimpleMeterRegistry(),
                new HttpRoutes().get("/hello", request -> HttpResponse.text(200, "hello")));
        server.start();
        System.out.println("port " + server.port());
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (told.readLine() != null) {
            List<FileInputStream> taken = new ArrayList<>();
            CountDownLatch noneLeft = new CountDownLatch(1);
            Thread taker = Thread.ofPlatform().start(() -> take(taken, noneLeft));
            noneLeft.await();
            System.out.println("taken");
            var _ = told.readLine();
            taker.interrupt();
            taker.join();
            for (FileInputStream one : taken) {
                one.close();
            }
            System.out.println("given back");
        }
        System.exit(0);
    }

    /** Also those that others give back, until it is interrupted: with one to spare the server accepts and closes one connection after the other. */
    private static void take(List<FileInputStream> taken, CountDownLatch noneLeft) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                taken.add(new FileInputStream("/dev/null"));
            } catch (IOException none) {
                noneLeft.countDown();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }
}
