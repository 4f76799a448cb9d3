package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that a store lives in.
 *
 * @param path exists, absolute and without links, so that it can be recognised in the command line of a process
 * @param temporary it is deleted when its store is closed
 */
record StoreDirectory(Path path, boolean temporary) {

    static StoreDirectory given(Path path) {
        try {
            return new StoreDirectory(Files.createDirectories(path).toRealPath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + path, e);
        }
    }

    static StoreDirectory temporary(String name) {
        try {
            return new StoreDirectory(
                    Files.createTempDirectory("longline-" + name + "-").toRealPath(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder for " + name, e);
        }
    }

    /** Deletes everything in the folder; the folder stays. */
    void empty() {
        for (Path file : deepestFirst()) {
            if (!file.equals(path)) {
                delete(file);
            }
        }
    }

    /** Deletes the folder if it is temporary and still there. */
    void close() {
        if (temporary && Files.exists(path)) {
            deepestFirst().forEach(StoreDirectory::delete);
        }
    }

    private List<Path> deepestFirst() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the folder " + path, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
