package io.longline.deploy.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a size as the configuration spells it, in bytes: {@code 512B}, {@code 64KiB}, {@code 64MiB}, {@code 1GiB}. */
final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(B|KiB|MiB|GiB)");

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is not a size like 512B, 64KiB, 64MiB or 1GiB");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "B" -> count;
            case "KiB" -> count << 10;
            case "MiB" -> count << 20;
            default -> count << 30;
        };
    }
}
