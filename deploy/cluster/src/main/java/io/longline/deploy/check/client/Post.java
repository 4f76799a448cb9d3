package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.keeper.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Function;

/**
 * A request that sends letters.
 *
 * @param word what it is called in counts
 * @param reading its answer as one for each part of each letter, in their order
 */
record Post(String word, ObjectNode body, Function<HttpResponse<byte[]>, List<Answer>> reading) {

    /** Of one letter. */
    static Post of(Letter letter) {
        return letter.isList()
                ? new Post(
                        "multicast",
                        letter.body(),
                        response -> ListAnswerReader.multicast(
                                response, letter.parts().size()))
                : new Post("send", letter.body(), response -> List.of(AnswerReader.message(response)));
    }

    /** Of several, each to one target. */
    static Post batch(List<Letter> letters) {
        ObjectNode body = Json.object();
        var messages = body.putArray("messages");
        letters.forEach(letter -> messages.add(letter.body()));
        return new Post("batch", body, response -> ListAnswerReader.batch(response, letters.size()));
    }

    String path() {
        return "/v1/messages:" + word;
    }
}
