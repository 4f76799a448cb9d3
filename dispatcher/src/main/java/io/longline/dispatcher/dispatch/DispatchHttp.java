package io.longline.dispatcher.dispatch;

import io.longline.frames.json.DispatchAnswers;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.v1.DispatchAnswer;
import java.nio.ByteBuffer;

/** {@code GET /v1/dispatch}, answered in JSON or, where Accept asks for it, the same in protobuf. */
public final class DispatchHttp {
    private static final int OK = 200;
    private static final String PROTOBUF = "application/x-protobuf";

    private final DispatchFlow flow;

    public DispatchHttp(DispatchFlow flow) {
        this.flow = flow;
    }

    public HttpResponse dispatch(HttpRequest request) {
        DispatchAnswer answer = flow.answer(DispatchQuestion.of(request));
        boolean protobuf = request.header("Accept").orElse("").contains(PROTOBUF);
        HttpResponse response = protobuf
                ? HttpResponse.of(OK, PROTOBUF, answer.toByteArray())
                : HttpResponse.of(OK, "application/json", json(answer));
        // The answer is one user's, and its cache_ttl_s is for the client, not for proxies.
        return response.header("Cache-Control", "no-store").header("Vary", "Accept");
    }

    private static byte[] json(DispatchAnswer answer) {
        ByteBuffer encoded = DispatchAnswers.encode(answer);
        byte[] json = new byte[encoded.remaining()];
        encoded.get(json);
        return json;
    }
}
