package io.longline.center.many;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.message.MessageAnswer;
import io.longline.center.push.Multicast;
import io.longline.center.push.PushBody;
import io.longline.center.push.Target;
import io.longline.center.unicast.Sender;
import io.longline.center.unicast.TargetAnswer;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import java.util.Iterator;

/** {@code POST /v1/messages:multicast}: one message to up to 1,000 targets. */
public final class MulticastHttp {
    private final Sender sender;

    public MulticastHttp(Sender sender) {
        this.sender = sender;
    }

    public HttpResponse send(HttpRequest request) {
        Multicast multicast = PushBody.readMulticast(request.attached(Product.class), request.body());
        Sender.Sent sent = sender.awaitAcks(sender.send(multicast.push(), request.requestId()));
        ObjectNode json = Json.object().put("message_id", multicast.push().messageId());
        ArrayNode results = json.putArray("results");
        Iterator<TargetAnswer> answers = sent.targets().iterator();
        for (Multicast.Entry entry : multicast.entries()) {
            switch (entry) {
                case Multicast.Good _ -> write(answers.next(), results.addObject(), request.requestId());
                case Multicast.Wrong(var problem) -> results.add(ErrorTranslator.toNode(problem, request.requestId()));
            }
        }
        return sent.response(json);
    }

    private static void write(TargetAnswer answer, ObjectNode entry, String requestId) {
        Target target = answer.target();
        entry.put("user", target.user());
        if (target.device() != null) {
            entry.put("device", target.device());
        }
        if (answer.error() != null) {
            entry.setAll(ErrorTranslator.toNode(answer.error(), requestId));
            return;
        }
        entry.put("status", new MessageAnswer("", answer.results()).status().text());
        MessageAnswer.write(answer.results(), entry.putArray("results"));
    }
}
