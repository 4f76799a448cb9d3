package io.longline.frames.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFramesTest {
    private final JsonFrames<ClientFrame> frames = new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'ack':{'ref':1,'seq':9007199254740991}}",
                "{'ack':{'ref':1,'seq':'9007199254740991'}}",
                " {\n 'ack' : { 'seq' : 9007199254740991 , 'ref' : 1 } } ",
                "{'ack':{'ref':1,'seq':9007199254740991,'new':{'a':[1,{'b':null}]}},'newer':[true]}",
                "{'ack':{'ref':1,'seq':9007199254740991,'topic':null,'offset':null}}",
            })
    void readsAnAckHoweverItIsSpelled(String json) {
        ClientFrame frame = frame(json);
        assertThat(frame.getAck().getRef()).isEqualTo(1);
        assertThat(frame.getAck().getSeq()).isEqualTo(9007199254740991L);
        assertThat(frame.getAck().hasOffset()).isFalse();
    }

    @Test
    void tellsAbsentFromZero() {
        assertThat(frame("{'ack':{'ref':0}}").getAck().hasSeq()).isFalse();
        assertThat(frame("{'ack':{'ref':0,'seq':0}}").getAck().hasSeq()).isTrue();
        assertThat(frame("{'uplink':{'text':''}}").getUplink().hasText()).isTrue();
    }

    @Test
    void namesAnUnknownKindAndAtMost64CharactersOfIt() {
        assertThat(decode("{'dance':{'ref':1}}"))
                .isInstanceOfSatisfying(
                        DecodeResult.Unknown.class,
                        unknown -> assertThat(unknown.kind()).isEqualTo("dance"));
        assertThat(decode("{'" + "x".repeat(1000) + "':1}"))
                .isInstanceOfSatisfying(
                        DecodeResult.Unknown.class,
                        unknown -> assertThat(unknown.kind()).hasSize(64));
    }

    @Test
    void aKindOfTheOtherDirectionIsUnknown() {
        assertThat(decode("{'push':{'ref':1}}")).isInstanceOf(DecodeResult.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | a frame without a kind",
                "{'ping':{},'ack':{}} | a frame of more than one kind",
                "[] | expected an object",
                "7 | expected an object",
                "null | expected an object",
                "{'ping':null} | /ping: expected an object",
                "{'ping':[]} | /ping: expected an object",
                "{'ping':{}}{} | something follows the object",
                "{'ping':{}} x | not JSON, a key twice, or nested deeper than 32",
                "{'ping':{} | not JSON, a key twice, or nested deeper than 32",
                "{'ping':{},'ping':{}} | not JSON, a key twice, or nested deeper than 32",
                "{'ack':{'seq':1,'seq':2}} | not JSON, a key twice, or nested deeper than 32",
                "{ping:{}} | not JSON, a key twice, or nested deeper than 32",
                "{'ack':{'ref':'1'}} | /ack/ref: expected a whole number",
                "{'ack':{'ref':1.0}} | /ack/ref: expected a whole number",
                "{'ack':{'ref':1e2}} | /ack/ref: expected a whole number",
                "{'ack':{'ref':true}} | /ack/ref: expected a whole number",
                "{'ack':{'ref':-1}} | /ack/ref: expected a whole number from 0 to 4294967295",
                "{'ack':{'ref':4294967296}} | /ack/ref: expected a whole number from 0 to 4294967295",
                "{'ack':{'seq':-1}} | /ack/seq: expected a whole number from 0 to 18446744073709551615",
                "{'ack':{'seq':18446744073709551616}} | /ack/seq: expected a whole number from 0 to 18446744073709551615",
                "{'ack':{'seq':'+5'}} | /ack/seq: expected a whole number from 0 to 18446744073709551615",
                "{'ack':{'seq':''}} | /ack/seq: expected a whole number",
                "{'ack':{'seq':NaN}} | not JSON, a key twice, or nested deeper than 32",
                "{'unbind':{'forget':1}} | /unbind/forget: expected true or false",
                "{'unbind':{'forget':'true'}} | /unbind/forget: expected true or false",
                "{'uplink':{'id':7}} | /uplink/id: expected a string",
                "{'uplink':{'text':'\\ud800'}} | /uplink/text: expected Unicode text",
                "{'uplink':{'text':'\\udc00x'}} | /uplink/text: expected Unicode text",
                "{'uplink':{'data':'_-8'}} | /uplink/data: expected standard base64",
                "{'uplink':{'text':'a','data':'AA=='}} | /uplink/data: expected only one field of payload",
                "{'presence':{'users':'u1'}} | /presence/users: expected a list",
                "{'presence':{'users':['u1',null]}} | /presence/users/1: expected a string",
                "{'hello':{'bind':[{'ref':1},{'token':false}]}} | /hello/bind/1/token: expected a string",
            })
    void refusesWhatIsNoFrameAndSaysWhere(String json, String problem) {
        assertThat(decode(json)).isInstanceOfSatisfying(DecodeResult.Malformed.class, malformed -> {
            assertThat(malformed.problem()).isEqualTo(problem);
            assertThat(malformed.closeCode()).isEqualTo(CloseCode.MALFORMED_FRAME);
        });
    }

    @Test
    void readsTheWholeRangeOfUnsignedNumbers() {
        for (long seq : new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            String digits = Long.toUnsignedString(seq);

            for (String written : List.of(digits, "'" + digits + "'")) {
                assertThat(decode("{'ack':{'seq':" + written + "}}"))
                        .isInstanceOfSatisfying(
                                DecodeResult.Frame.class,
                                frame -> assertThat(frame.frame())
                                        .isEqualTo(ClientFrame.newBuilder()
                                                .setAck(Ack.newBuilder().setSeq(seq))
                                                .build()));
            }
        }
    }

    @Test
    void skipsUnknownFieldsUpToTheNestingBoundAndRefusesDeeperOnes() {
        assertThat(decode(nested(JsonText.MAX_NESTING - 2))).isInstanceOf(DecodeResult.Frame.class);
        assertThat(decode(nested(JsonText.MAX_NESTING - 1))).isInstanceOf(DecodeResult.Malformed.class);
        assertThat(decode(nested(20_000))).isInstanceOf(DecodeResult.Malformed.class);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] latin = "{\"uplink\":{\"text\":\"h\u00e9\"}}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"ping\":{}}".getBytes(StandardCharsets.UTF_16BE);
        byte[] overlong = {'{', (byte) 0xC0, (byte) 0x80, '}'};
        assertThat(frames.decode(ByteBuffer.wrap(latin))).hasToString("Malformed(not UTF-8)");
        assertThat(frames.decode(ByteBuffer.wrap(utf16))).isInstanceOf(DecodeResult.Malformed.class);
        assertThat(frames.decode(ByteBuffer.wrap(overlong))).hasToString("Malformed(not UTF-8)");
    }

    @Test
    void refusesWhatIsLargerThanTheLimit() {
        String json = "{\"ping\":{}}" + " ".repeat(FrameLimits.FROM_CLIENT.maxFrameBytes());
        assertThat(decode(json))
                .isInstanceOfSatisfying(
                        DecodeResult.TooLarge.class,
                        tooLarge -> assertThat(tooLarge.closeCode()).isEqualTo(CloseCode.FRAME_TOO_LARGE));
    }

    @Test
    void aRefusalNeverQuotesTheFrame() {
        for (String json : new String[] {"{'hello':{'bind':[{'token':secret}]}}", "{'hello':{'bind':'secret'}}"}) {
            assertThat(decode(json)).isInstanceOf(DecodeResult.Malformed.class);
            assertThat(decode(json).toString()).doesNotContain("secret");
        }
    }

    @Test
    void writesHalfOfASurrogatePairAsAQuestionMark() {
        ServerFrame push = ServerFrame.newBuilder()
                .setPush(Push.newBuilder().setText("a\ud83d"))
                .build();
        ByteBuffer json = new JsonFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM).encode(push);
        assertThat(StandardCharsets.UTF_8.decode(json).toString()).contains("\"text\":\"a?\"");
    }

    private static String nested(int lists) {
        return "{'ping':{'x':" + "[".repeat(lists) + "]".repeat(lists) + "}}";
    }

    private ClientFrame frame(String json) {
        if (decode(json) instanceof DecodeResult.Frame<ClientFrame> frame) {
            return frame.frame();
        }
        throw new AssertionError(json + " gave " + decode(json));
    }

    private DecodeResult<ClientFrame> decode(String json) {
        return frames.decode(StandardCharsets.UTF_8.encode(json.replace('\'', '"')));
    }
}
