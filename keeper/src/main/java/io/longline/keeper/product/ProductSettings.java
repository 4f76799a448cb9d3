package io.longline.keeper.product;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.LonglineException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What operators set of a product by name and text: {@code window}, {@code limits.rate_per_s}, {@code open_topics} with commas between
 * the patterns. Secrets and callbacks are changed otherwise, an id never.
 */
public final class ProductSettings {
    private static final Set<String> NOT_SET =
            Set.of("id", "api_keys", "client_secrets", "client_public_keys", "callbacks.targets");

    private ProductSettings() {}

    /** The product with all of these changed. INVALID_ARGUMENT names what is wrong; whether they suit each other, too. */
    public static Product set(Product product, Map<String, String> settings) {
        ObjectNode values = product.tree();
        settings.forEach((name, text) -> set(values, name, text));
        return Product.fromTree(values);
    }

    private static void set(ObjectNode values, String name, String text) {
        String[] path = name.split("\\.", -1);
        JsonNode parent = path.length == 2 ? values.path(path[0]) : values;
        String field = path[path.length - 1];
        if (path.length > 2
                || NOT_SET.contains(path[0])
                || NOT_SET.contains(name)
                || !(parent instanceof ObjectNode object)
                || !object.has(field)) {
            throw LonglineException.invalid(name, "is no setting, expected one of " + String.join(", ", names(values)));
        }
        switch (object.get(field).getNodeType()) {
            case NUMBER -> {
                long most = object.get(field).isLong() ? Long.MAX_VALUE : Integer.MAX_VALUE;
                object.put(field, number(name, text, most));
            }
            case BOOLEAN -> object.put(field, flag(name, text));
            case STRING -> object.put(field, text);
            case ARRAY -> {
                List<String> items = text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
                items.forEach(object.putArray(field)::add);
            }
            default -> throw LonglineException.invalid(name, "has parts, set these");
        }
    }

    private static boolean flag(String name, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw LonglineException.invalid(name, "is " + text + ", expected true or false");
        };
    }

    private static long number(String name, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (Math.abs(number) <= most) {
                return number;
            }
        } catch (NumberFormatException e) { // likewise
        }
        throw LonglineException.invalid(name, "is " + text + ", expected a whole number");
    }

    private static Set<String> names(ObjectNode values) {
        Set<String> names = new TreeSet<>();
        values.properties().forEach(each -> {
            if (each.getValue().isObject()) {
                each.getValue().fieldNames().forEachRemaining(part -> names.add(each.getKey() + "." + part));
                names.removeAll(NOT_SET);
            } else if (!NOT_SET.contains(each.getKey())) {
                names.add(each.getKey());
            }
        });
        return names;
    }
}
