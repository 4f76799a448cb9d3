package io.longline.room.transport.lean;

import io.longline.frames.FrameLimits;
import io.longline.room.transport.speech.WebSocketFormat;
import io.longline.room.transport.speech.WebSocketFormats;

/** All that can be spoken; shared by all links of a room. */
final class Speeches {
    private final WebSocketFormats formats;
    private final Speech first = new FirstSpeech(this);
    private final Speech http = new HttpSpeech(this);
    private final Speech frames;
    private final Speech binaryMessages;
    private final Speech textMessages;

    Speeches(FrameLimits limits) {
        formats = WebSocketFormats.of(limits);
        frames = new NativeSpeech(limits);
        binaryMessages = new WebSocketSpeech(formats.binary(), limits);
        textMessages = new WebSocketSpeech(formats.json(), limits);
    }

    /** Of a socket on which nothing was said yet. */
    Speech first() {
        return first;
    }

    Speech http() {
        return http;
    }

    Speech frames() {
        return frames;
    }

    Speech messages(WebSocketFormat format) {
        return format.isText() ? textMessages : binaryMessages;
    }

    WebSocketFormats formats() {
        return formats;
    }
}
