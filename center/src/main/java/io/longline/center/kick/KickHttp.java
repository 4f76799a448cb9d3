package io.longline.center.kick;

import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.center.job.JobKick;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /v1/users/{user}:kick}: the sessions of a user, or of one device, end. */
public final class KickHttp {
    private static final int OK = 200;
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private final KickClient register;
    private final Duration patience;

    public KickHttp(KickClient register, Duration patience) {
        this.register = register;
        this.patience = patience;
    }

    /** All of the body may be left out, and with it the body. */
    public HttpResponse kick(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        byte[] body = request.body();
        Fields fields = JsonBody.read(body.length == 0 ? NOTHING : body).fields();
        Optional<String> device = fields.id("device");
        JobKick kick = KickBody.read(fields);
        fields.finish();
        String product = request.attached(Product.class).id();
        OptionalInt ended = Unanswered.join(
                "register", register.kick(product, user, device.orElse(null), kick, "", Deadline.after(patience)));
        if (ended.isEmpty()) {
            throw new LonglineException(ErrorCode.USER_NOT_FOUND, "user " + user + " was never seen");
        }
        return HttpResponse.json(OK, Json.object().put("ended", ended.getAsInt()));
    }
}
