package io.longline.saver.journal;

import io.longline.keeper.product.Durability;
import io.longline.saver.journal.JournalEntry.Row;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Entries that go into one commit together, and who waits for it. Each is its own: none equals another. */
final class Waiting {
    private final Durability durability;
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
    Waiting(Durability durability, List<JournalEntry> entries, long number, long sinceNanos) {
        this.durability = durability;
        this.entries = entries;
        this.bytes = entries.stream().mapToInt(JournalEntry::bytes).sum();
        this.number = number;
        this.sinceNanos = sinceNanos;
    }

    Durability durability() {
        return durability;
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

    /** The message that nobody waits for, if it is one: an ack may make it needless before it is written. */
    Optional<Row> patientRow() {
        boolean patient = durability == Durability.REDIS && entries.size() == 1;
        return patient && entries.getFirst() instanceof Row row ? Optional.of(row) : Optional.empty();
    }
}
