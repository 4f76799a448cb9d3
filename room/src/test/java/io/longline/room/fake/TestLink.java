package io.longline.room.fake;

import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.Loop;
import io.longline.v1.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A link that keeps what is written to it. */
public final class TestLink implements Link {
    private final Loop loop;
    private final List<ServerFrame> frames = new ArrayList<>();
    private Consumer<ServerFrame> onWrite = frame -> {};
    private boolean writable = true;
    private boolean readable = true;
    private @Nullable Ending ending;
    private @Nullable Duration allowedSilence;
    private @Nullable LinkListener listener;

    public TestLink(Loop loop) {
        this.loop = loop;
    }

    public void listener(LinkListener toTell) {
        listener = toTell;
    }

    public void onWrite(Consumer<ServerFrame> each) {
        onWrite = each;
    }

    /** All that was written, in order. */
    public List<ServerFrame> frames() {
        return frames;
    }

    /** What was written since this was last asked. */
    public List<ServerFrame> takeFrames() {
        List<ServerFrame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    public void writable(boolean takesMore) {
        writable = takesMore;
    }

    public boolean isReadable() {
        return readable;
    }

    /** Why it was closed; null while it is open. */
    public @Nullable Ending ending() {
        return ending;
    }

    public @Nullable Duration allowedSilence() {
        return allowedSilence;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void write(ServerFrame frame) {
        if (isOpen()) {
            frames.add(frame);
            onWrite.accept(frame);
        }
    }

    @Override
    public void flush() {}

    @Override
    public boolean writable() {
        return isOpen() && writable;
    }

    @Override
    public void readable(boolean read) {
        readable = read;
    }

    @Override
    public void allowSilence(Duration time) {
        allowedSilence = time;
    }

    @Override
    public void close(Ending why) {
        if (isOpen()) {
            ending = why;
            if (listener != null) {
                listener.closed(why.code());
            }
        }
    }

    @Override
    public boolean isOpen() {
        return ending == null;
    }

    @Override
    public String remote() {
        return "test";
    }
}
