package io.longline.saver.journal;

import java.util.ArrayList;
import java.util.List;

/** What goes into the next commit. A first one always has room. */
final class JournalGroup {
    private final List<Waiting> waiting = new ArrayList<>();
    private int most;
    private long mostBytes;
    private int size;
    private long bytes;

    /** So much has room from now on. */
    JournalGroup upTo(int entries, long entryBytes) {
        most = entries;
        mostBytes = entryBytes;
        return this;
    }

    boolean hasRoomFor(Waiting next) {
        return waiting.isEmpty() || (size + next.size() <= most && bytes + next.bytes() <= mostBytes);
    }

    void add(Waiting next) {
        waiting.add(next);
        size += next.size();
        bytes += next.bytes();
    }

    List<Waiting> waiting() {
        return waiting;
    }
}
