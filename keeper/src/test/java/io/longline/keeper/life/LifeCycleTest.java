package io.longline.keeper.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifeCycleTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void partsAreClosedInReverse() {
        LifeCycle life = new LifeCycle();
        try (life) {
            life.add(part("store"));
            life.add(part("server"));
            life.add(part("announcement"));
        }
        assertThat(closed).containsExactly("announcement", "server", "store");
    }

    @Test
    void aPartIsHandedBackAsItIs() {
        try (LifeCycle life = new LifeCycle()) {
            AutoCloseable part = part("store");
            assertThat(life.add(part)).isSameAs(part);
        }
    }

    @Test
    void everyPartIsClosedEvenIfOneThrows() {
        LifeCycle life = new LifeCycle();
        try (life) {
            life.add(part("store"));
            life.add(() -> {
                throw new IllegalStateException("on purpose");
            });
            life.add(part("server"));
        }
        assertThat(closed).containsExactly("server", "store");
    }

    @Test
    void closingTwiceClosesOnce() {
        LifeCycle life = new LifeCycle();
        life.add(part("store"));
        Runnable close = life::close;
        close.run();
        close.run();
        assertThat(closed).containsExactly("store");
    }

    @Test
    void aPartThatComesAfterTheCloseIsClosedAtOnce() {
        LifeCycle life = new LifeCycle();
        life.close();
        assertThatThrownBy(() -> life.add(part("late"))).isInstanceOf(IllegalStateException.class);
        assertThat(closed).containsExactly("late");
    }

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }
}
