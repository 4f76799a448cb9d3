package io.longline.room.transport.lean;

import io.longline.room.transport.speech.HttpRefusal;
import io.longline.room.transport.speech.RequestParser;
import io.longline.room.transport.speech.UpgradeAnswer;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP: one request, which is an upgrade to WebSocket or refused. */
record HttpSpeech(Speeches speeches) implements Speech {
    private static final Logger log = LoggerFactory.getLogger(HttpSpeech.class);

    @Override
    public void read(LeanLink link, ByteBuffer in, int looked) {
        switch (RequestParser.parse(in, looked)) {
            case RequestParser.Result.NeedMore _ -> {}
            case RequestParser.Result.Bad _ -> refuse(link, HttpRefusal.BAD_REQUEST);
            case RequestParser.Result.Whole whole -> {
                switch (UpgradeAnswer.to(whole.head(), speeches.formats())) {
                    case UpgradeAnswer.Refused no -> refuse(link, no.refusal());
                    case UpgradeAnswer.Agreed upgrade -> {
                        link.out().writeBytes(upgrade.response());
                        link.send();
                        if (!link.isClosed()) {
                            link.open(speeches.messages(upgrade.format()));
                        }
                    }
                }
            }
        }
    }

    private static void refuse(LeanLink link, HttpRefusal refusal) {
        log.debug("HTTP refused remote={} refusal={}", link, refusal);
        link.out().writeBytes(refusal.response());
        link.linger();
    }
}
