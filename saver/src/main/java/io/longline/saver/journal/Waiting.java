package io.longline.saver.journal;

import io.longline.saver.journal.JournalEntry.Row;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Entries that go into one commit together, and who waits for it. Each is its own: none equals another. */
final class Waiting {
    private final List<JournalEntry> entries;
    private final int bytes;
    private final CompletableFuture<@Nullable Void> committed = new CompletableFuture<>();
    private final long number;
    private final long sinceNanos;

    /**
     * Creates one.
     *
     * @param number above that of all that came before
     */
    Waiting(List<JournalEntry> entries, long number, long sinceNanos) {
        this.entries = entries;
        this.bytes = entries.stream().mapToInt(JournalEntry::bytes).sum();
        this.number = number;
        this.sinceNanos = sinceNanos;
    }

    List<JournalEntry> entries() {
        return entries;
    }

    int size() {
        return entries.size();
    }

    int bytes() {
        return bytes;
    }

    CompletableFuture<@Nullable Void> committed() {
        return committed;
    }

    long number() {
        return number;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** The message, if it is one alone: where nobody waits for it, an ack may make it needless before it is written. */
    Optional<Row> lone() {
        return entries.size() == 1 && entries.getFirst() instanceof Row row ? Optional.of(row) : Optional.empty();
    }
}
