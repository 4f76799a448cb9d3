package io.longline.room.transport.lean;

import io.longline.room.transport.speech.FirstWords;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells from its first bytes what a socket speaks. Neither of what we speak: closed without a byte. */
record FirstSpeech(Speeches speeches) implements Speech {
    private static final Logger log = LoggerFactory.getLogger(FirstSpeech.class);

    @Override
    public void read(LeanLink link, ByteBuffer in, int looked) {
        switch (FirstWords.of(in)) {
            case OPEN -> {}
            case NATIVE -> {
                in.position(in.position() + FirstWords.PREAMBLE_BYTES);
                link.open(speeches.frames());
            }
            case HTTP -> link.speak(speeches.http());
            case NEITHER -> {
                log.debug("closed after its first bytes remote={}", link);
                link.metrics().refusedFirstBytes();
                link.close();
            }
        }
    }
}
