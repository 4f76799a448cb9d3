package io.longline.keeper.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units as a configuration spells them. */
final class Units {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15})([A-Za-z]*)");

    private static final Map<String, Long> BYTES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private static final Map<String, Duration> PERIODS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Units() {}

    static Optional<Integer> integer(String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            return value < min || value > max ? Optional.empty() : Optional.of(value);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<Long> size(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Long unit = matcher.matches() ? BYTES.get(matcher.group(2)) : null;
        if (unit == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    static Optional<Duration> duration(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Duration unit = matcher.matches() ? PERIODS.get(matcher.group(2)) : null;
        if (unit == null) {
            return Optional.empty();
        }
        try {
            // Up to what fits nanoseconds in a long, so that no user of the value overflows.
            Duration value = unit.multipliedBy(Long.parseLong(matcher.group(1)));
            return value.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Optional.empty() : Optional.of(value);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }
}
