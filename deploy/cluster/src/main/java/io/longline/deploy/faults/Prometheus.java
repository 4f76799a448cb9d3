package io.longline.deploy.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The admin port of a service. */
final class Prometheus implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(1);
    private static final Duration METRICS_WITHIN = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(READY_WITHIN)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    boolean isReady(int adminPort) {
        try {
            return get(adminPort, "/readyz", READY_WITHIN).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    Map<String, Double> metrics(int adminPort) {
        try {
            HttpResponse<String> answer = get(adminPort, "/metrics", METRICS_WITHIN);
            if (answer.statusCode() != OK) {
                throw new IOException("/metrics answered " + answer.statusCode());
            }
            return parse(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("no metrics from admin port " + adminPort, e);
        }
    }

    /** Lines of {@code name{labels} value}; a label's value may hold spaces, the number none. */
    static Map<String, Double> parse(String text) {
        Map<String, Double> series = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            series.put(line.substring(0, space), number(line.substring(space + 1)));
        });
        return series;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private HttpResponse<String> get(int adminPort, String path, Duration within) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .timeout(within)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
