package io.longline.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.cluster.Folders;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a bench has its data, and where its figures go. */
final class BenchOutput {

    @Option(names = "--data", paramLabel = "DIR", description = "Stores and logs, kept; default: a temporary folder.")
    private @Nullable Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "The figures, for programs.")
    private @Nullable Path json;

    /** Runs with a folder; a temporary one is deleted when that comes to its end, and kept with its logs when it does not. */
    <T> T inFolder(PrintWriter out, Function<Path, T> run) {
        try {
            Path folder = data == null ? Files.createTempDirectory("longline-bench-") : Files.createDirectories(data);
            T result;
            try {
                result = run.apply(folder);
            } catch (RuntimeException e) {
                out.println("stores and logs are kept in " + folder);
                throw e;
            }
            if (data == null) {
                Folders.delete(folder);
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the folder of the bench", e);
        }
    }

    void write(JsonNode figures) {
        if (json != null) {
            try {
                Files.write(json, Json.bytes(figures));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + json, e);
            }
        }
    }
}
