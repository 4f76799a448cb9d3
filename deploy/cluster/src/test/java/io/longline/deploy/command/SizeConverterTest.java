package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
    private final SizeConverter converter = new SizeConverter();

    @Test
    void aSizeHasItsUnit() {
        assertThat(converter.convert("512B")).isEqualTo(512);
        assertThat(converter.convert("3KiB")).isEqualTo(3 << 10);
        assertThat(converter.convert("64MiB")).isEqualTo(64 << 20);
        assertThat(converter.convert("2GiB")).isEqualTo(2L << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64MB", "0B", "-1KiB", "1.5GiB"})
    void whatIsNoneIsToldSo(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("is not a size like");
    }
}
