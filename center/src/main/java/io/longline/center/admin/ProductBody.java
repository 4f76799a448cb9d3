package io.longline.center.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.BroadcastLimits;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.LogBounds;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.PresenceRules;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductView;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.product.UplinkLimits;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A product as operators write and read it. */
final class ProductBody {
    /** Read generously: {@link Product} itself knows what it takes. */
    private static final int MANY = 1000;

    private static final int LONG_TEXT = 8 << 10;

    private ProductBody() {}

    /** What is left out is as {@link Product#create} has it. The product has no secrets yet. */
    static Product read(byte[] body) {
        return read(body, fields -> {
            fields.require("product");
            Product usual = Product.create("usual", Durability.MYSQL);
            return changed(fields, fields.text("product").orElse(usual.id()), usual);
        });
    }

    /** What is left out stays as it is; so do id and secrets, which have requests of their own. */
    static UnaryOperator<Product> readChange(byte[] body) {
        return product -> read(body, fields -> changed(fields, product.id(), product));
    }

    private static Product read(byte[] body, Function<Fields, Product> reading) {
        Fields fields = JsonBody.read(body).fields();
        Product product;
        try {
            product = reading.apply(fields);
        } catch (LonglineException invalid) {
            invalid.details().forEach(problem -> fields.problem(problem.field(), problem.problem()));
            fields.finish();
            throw invalid;
        }
        fields.finish();
        return product;
    }

    private static Product changed(Fields fields, String id, Product before) {
        return new Product(
                id,
                fields.choice("durability", before.durability()),
                before.apiKeys(),
                before.clientSecrets(),
                fields.has("client_public_keys")
                        ? fields.texts("client_public_keys", MANY, LONG_TEXT)
                        : before.clientPublicKeys(),
                number(fields, "window", before.window()),
                number(fields, "inbox_limit", before.inboxLimit()),
                number(fields, "max_payload_bytes", before.maxPayloadBytes()),
                heartbeat(fields.object("heartbeat"), before.heartbeat()),
                number(fields, "device_ttl_days", before.deviceTtlDays()),
                fields.has("open_topics") ? fields.texts("open_topics", MANY, LONG_TEXT) : before.openTopics(),
                limits(fields.object("limits"), before.limits()),
                secondDevice(fields.object("second_device"), before.secondDevice()),
                broadcasts(fields.object("broadcasts"), before.broadcasts()),
                merge(fields.object("merge"), before.merge()),
                topicLog(fields.object("topic_log"), before.topicLog()),
                uplinks(fields.object("uplinks"), before.uplinks()),
                callbacks(fields.object("callbacks"), before.callbacks()),
                presence(fields.object("presence"), before.presence()));
    }

    private static Heartbeats heartbeat(Fields fields, Heartbeats usual) {
        return new Heartbeats(
                number(fields, "interval_s", usual.intervalS()),
                number(fields, "min_s", usual.minS()),
                number(fields, "max_s", usual.maxS()));
    }

    private static SendLimits limits(Fields fields, SendLimits usual) {
        return new SendLimits(
                longNumber(fields, "rate_per_s", usual.ratePerS()),
                longNumber(fields, "daily_quota", usual.dailyQuota()),
                longNumber(fields, "user_messages_per_hour", usual.userMessagesPerHour()),
                longNumber(fields, "user_messages_per_day", usual.userMessagesPerDay()),
                longNumber(fields, "user_bytes_per_hour", usual.userBytesPerHour()),
                longNumber(fields, "user_bytes_per_day", usual.userBytesPerDay()));
    }

    private static SecondDevice secondDevice(Fields fields, SecondDevice usual) {
        return new SecondDevice(fields.choice("policy", usual.policy()), number(fields, "most", usual.most()));
    }

    private static BroadcastLimits broadcasts(Fields fields, BroadcastLimits usual) {
        return new BroadcastLimits(
                number(fields, "default_per_s", usual.defaultPerS()),
                number(fields, "most_per_s", usual.mostPerS()),
                number(fields, "default_bytes_per_s", usual.defaultBytesPerS()),
                number(fields, "most_bytes_per_s", usual.mostBytesPerS()));
    }

    private static MergeWindows merge(Fields fields, MergeWindows usual) {
        return new MergeWindows(
                number(fields, "window_ms", usual.windowMs()),
                fields.has("topics") ? fields.integers("topics", MANY) : usual.topics());
    }

    private static LogLimits topicLog(Fields fields, LogLimits usual) {
        LogBounds ofAll = log(fields, new LogBounds(usual.messages(), usual.bytes(), usual.ttlS()));
        Map<String, LogBounds> topics = new TreeMap<>();
        if (fields.has("topics")) {
            fields.objectsByName("topics", MANY)
                    .forEach((pattern, bounds) -> topics.put(pattern, log(bounds, LogBounds.NONE)));
        } else {
            topics.putAll(usual.topics());
        }
        return new LogLimits(ofAll.messages(), ofAll.bytes(), ofAll.ttlS(), topics);
    }

    private static LogBounds log(Fields fields, LogBounds usual) {
        return new LogBounds(
                number(fields, "messages", usual.messages()),
                longNumber(fields, "bytes", usual.bytes()),
                number(fields, "ttl_s", usual.ttlS()));
    }

    /** Where they go, back ends say themselves. */
    private static Callbacks callbacks(Fields fields, Callbacks before) {
        return new Callbacks(
                before.targets(),
                fields.has("networks") ? fields.texts("networks", MANY, LONG_TEXT) : before.networks());
    }

    private static PresenceRules presence(Fields fields, PresenceRules usual) {
        return new PresenceRules(
                fields.flag("clients", usual.clients()),
                fields.flag("events", usual.events()),
                number(fields, "debounce_ms", usual.debounceMs()));
    }

    private static UplinkLimits uplinks(Fields fields, UplinkLimits usual) {
        return new UplinkLimits(
                number(fields, "session_per_minute", usual.sessionPerMinute()),
                number(fields, "rate_per_s", usual.ratePerS()));
    }

    private static long longNumber(Fields fields, String name, long usual) {
        return fields.longInteger(name, usual, 0, Long.MAX_VALUE);
    }

    private static int number(Fields fields, String name, int usual) {
        return fields.integer(name, usual, 0, Integer.MAX_VALUE);
    }

    /** Without its secrets. */
    static ObjectNode toJson(Product product) {
        ObjectNode json = ProductView.of(product);
        product.clientPublicKeys().forEach(json.putArray("client_public_keys")::add);
        return json;
    }
}
