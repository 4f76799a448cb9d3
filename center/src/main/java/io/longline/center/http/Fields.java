package io.longline.center.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed fields out of a JSON object. It never throws on a single one: it notes the problem and goes on with the default, so that
 * {@link #finish} can tell all of them at once, and with them every field that nobody asked for. A field that is null counts as left
 * out. Used by one thread.
 */
public final class Fields {
    private final ObjectNode node;
    private final String prefix;
    private final List<FieldProblem> problems;
    private final Set<String> known = new TreeSet<>();
    private final List<Fields> children = new ArrayList<>();

    private Fields(ObjectNode node, String prefix, List<FieldProblem> problems) {
        this.node = node;
        this.prefix = prefix;
        this.problems = problems;
    }

    static Fields of(ObjectNode root) {
        return new Fields(root, "", new ArrayList<>());
    }

    /** An object; where it is left out or something else, one without fields. */
    public Fields object(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isObject()) {
            problem(name, "expected an object");
        }
        ObjectNode object = value instanceof ObjectNode fields ? fields : node.objectNode();
        Fields child = new Fields(object, prefix + name + ".", problems);
        children.add(child);
        return child;
    }

    /**
     * A list of 1 to {@code most} objects. What is wrong with one of them is told by that one's {@link #finish} alone; something
     * that is no object is one with that problem.
     */
    public List<Fields> objects(String name, int most) {
        return objects(name, 1, most);
    }

    /** The same, of {@code least} to {@code most}. */
    public List<Fields> objects(String name, int least, int most) {
        JsonNode value = value(name);
        if (value == null || !value.isArray() || value.size() < least || value.size() > most) {
            String got = value != null && value.isArray() ? ", got " + value.size() : "";
            problem(name, value == null ? "is required" : "expected a list of " + least + " to " + most + got);
            return List.of();
        }
        List<Fields> entries = new ArrayList<>();
        for (JsonNode item : value) {
            String at = prefix + name + "[" + entries.size() + "]";
            ObjectNode object = item instanceof ObjectNode fields ? fields : node.objectNode();
            Fields entry = new Fields(object, at + ".", new ArrayList<>());
            if (!item.isObject()) {
                entry.problems.add(new FieldProblem(at, "expected an object"));
            }
            entries.add(entry);
        }
        return entries;
    }

    /** Whether it is there and not null. */
    public boolean has(String name) {
        return value(name) != null;
    }

    /** Whether it is there, be it null. */
    public boolean names(String name) {
        known.add(name);
        return node.has(name);
    }

    public Optional<String> text(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            problem(name, "expected a string");
            return Optional.empty();
        }
        if (hasLoneSurrogate(value.textValue())) {
            problem(name, "expected Unicode characters, half a surrogate pair is none");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /** A text of 1 to {@code maxBytes} bytes. */
    public Optional<String> text(String name, int maxBytes) {
        Optional<String> text = text(name);
        int bytes = text.map(t -> t.getBytes(StandardCharsets.UTF_8).length).orElse(1);
        if (bytes < 1 || bytes > maxBytes) {
            problem(name, "expected 1 to " + maxBytes + " bytes, got " + bytes);
            return Optional.empty();
        }
        return text;
    }

    public Optional<String> id(String name) {
        Optional<String> text = text(name);
        Optional<String> wrong = text.flatMap(Ids::problem);
        wrong.ifPresent(problem -> problem(name, problem));
        return wrong.isPresent() ? Optional.empty() : text;
    }

    /** An id that must be there; "" where it is not, which {@link #finish} tells. */
    public String requiredId(String name) {
        require(name);
        return id(name).orElse("");
    }

    /** Notes a problem where the field is left out. */
    public void require(String name) {
        if (!has(name)) {
            problem(name, "is required");
        }
    }

    public List<String> texts(String name, int maxItems, int maxBytes) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > maxItems) {
            problem(name, "expected a list of at most " + maxItems + " strings");
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            String text = item.isTextual() ? item.textValue() : "";
            if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > maxBytes || hasLoneSurrogate(text)) {
                problem(name + "[" + texts.size() + "]", "expected a string of 1 to " + maxBytes + " bytes");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A list of 1 to {@code maxItems} ids. */
    public List<String> ids(String name, int maxItems) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.isEmpty() || value.size() > maxItems) {
            problem(name, "expected a list of 1 to " + maxItems + " ids");
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode item : value) {
            String text = item.isTextual() ? item.textValue() : "";
            Ids.problem(text).ifPresent(problem -> problem(name + "[" + ids.size() + "]", problem));
            ids.add(text);
        }
        return ids;
    }

    /** An object of at most so many whole numbers of any name. */
    public Map<String, Integer> integers(String name, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject() || value.size() > most) {
            problem(name, "expected an object of at most " + most + " numbers");
            return Map.of();
        }
        Map<String, Integer> numbers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> item : value.properties()) {
            if (item.getValue().isIntegralNumber() && item.getValue().canConvertToInt()) {
                numbers.put(item.getKey(), item.getValue().intValue());
            } else {
                problem(name + "." + item.getKey(), "expected a whole number");
            }
        }
        return numbers;
    }

    /** An object of at most so many objects of any name, but for those that are null. */
    public Map<String, Fields> objectsByName(String name, int most) {
        Fields all = object(name);
        if (all.node.size() > most) {
            problem(name, "expected an object of at most " + most + " objects");
        }
        Map<String, Fields> objects = new TreeMap<>();
        for (Map.Entry<String, JsonNode> item : all.node.properties()) {
            if (objects.size() < most && all.has(item.getKey())) {
                objects.put(item.getKey(), all.object(item.getKey()));
            }
        }
        return objects;
    }

    public int integer(String name, int def, int min, int max) {
        return (int) number(name, value(name), def, min, max);
    }

    /** A number of 64 bits, which may also be written as a string. */
    public long longInteger(String name, long def, long min, long max) {
        JsonNode value = value(name);
        if (value != null && value.isTextual() && value.textValue().matches("-?[0-9]{1,18}")) {
            value = node.numberNode(Long.parseLong(value.textValue()));
        }
        return number(name, value, def, min, max);
    }

    private long number(String name, @Nullable JsonNode value, long def, long min, long max) {
        if (value == null) {
            return def;
        }
        if (!value.isIntegralNumber()) {
            problem(name, "expected a whole number from " + min + " to " + max);
            return def;
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            problem(name, "expected " + min + " to " + max + ", got " + value.asText());
            return def;
        }
        return value.longValue();
    }

    public boolean flag(String name, boolean def) {
        JsonNode value = value(name);
        if (value == null) {
            return def;
        }
        if (!value.isBoolean()) {
            problem(name, "expected true or false");
        }
        return value.asBoolean(def);
    }

    /** One of the names of an enum, in lower case. */
    public <E extends Enum<E>> E choice(String name, E def) {
        Optional<String> text = text(name);
        E[] constants = def.getDeclaringClass().getEnumConstants();
        for (E constant : constants) {
            if (text.isPresent() && text.get().equals(lower(constant))) {
                return constant;
            }
        }
        if (text.isPresent()) {
            problem(
                    name,
                    "expected " + Arrays.stream(constants).map(Fields::lower).collect(Collectors.joining(", ")));
        }
        return def;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is none, known or not. */
    public boolean isEmpty() {
        return node.isEmpty();
    }

    public void problem(String name, String problem) {
        problems.add(new FieldProblem(prefix + name, problem));
    }

    /** Throws one INVALID_ARGUMENT with all problems of this object and of those within, unknown fields among them. */
    public void finish() {
        noteUnknown();
        if (problems.isEmpty()) {
            return;
        }
        FieldProblem first = problems.getFirst();
        String others = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more, see details)";
        LonglineException all =
                new LonglineException(ErrorCode.INVALID_ARGUMENT, first.field() + ": " + first.problem() + others);
        for (FieldProblem problem : problems) {
            all = all.detail(problem.field(), problem.problem());
        }
        throw all;
    }

    private void noteUnknown() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(
                        name,
                        "unknown field, expected " + (known.isEmpty() ? "none" : "one of " + String.join(", ", known)));
            }
        });
        children.forEach(Fields::noteUnknown);
    }

    private @Nullable JsonNode value(String name) {
        known.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
