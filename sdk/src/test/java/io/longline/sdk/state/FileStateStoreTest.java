package io.longline.sdk.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest {
    private static final String PHONE = "demo/u1/phone";
    private static final String OTHER = "shop/u2/default";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anUnknownEndpointHasNothing() {
        FileStateStore store = new FileStateStore(folder.resolve("new/folder/state"));
        assertThat(store.finished(PHONE)).isZero();
        assertThat(store.handling(PHONE)).isZero();
    }

    @Test
    void whatWasRecordedIsThereAfterReopening() {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.finish(PHONE, 1769472000001024L);
        store.begin(PHONE, 1769472000001025L);
        store.finish(OTHER, 7);

        FileStateStore again = new FileStateStore(file);
        assertThat(again.finished(PHONE)).isEqualTo(1769472000001024L);
        assertThat(again.handling(PHONE)).isEqualTo(1769472000001025L);
        assertThat(again.finished(OTHER)).isEqualTo(7);
        assertThat(again.handling(OTHER)).isZero();
    }

    @Test
    void finishingEndsTheHandling() {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.begin(PHONE, 5);
        store.finish(PHONE, 5);
        assertThat(new FileStateStore(file).handling(PHONE)).isZero();
    }

    @Test
    void whatIsKeptToBePulledIsThereUntilItIsForgotten() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.keepPull(PHONE, 7, "1,false,c2V2ZW4=");
        store.keepPull(PHONE, 5, "1,false,Zml2ZQ==");
        store.keepPull(OTHER, 7, "2,false,b3RoZXI=");
        store.keepPull(PHONE, 7, "1,true,c2V2ZW4=");
        store.forgetPull(PHONE, 5);
        store.forgetPull(PHONE, 5);
        store.forgetPull("shop/nobody/default", 1);
        store.pulls(OTHER).clear();

        FileStateStore again = new FileStateStore(file);
        assertThat(again.pulls(PHONE)).containsExactly(entry(7L, "1,true,c2V2ZW4="));
        assertThat(again.pulls(OTHER)).containsExactly(entry(7L, "2,false,b3RoZXI="));
        for (long seq = 1; seq <= 5_000; seq++) {
            again.finish(PHONE, seq);
        }
        assertThat(Files.size(file)).as("it was written anew").isLessThan(100_000);
        assertThat(new FileStateStore(file).pulls(PHONE)).containsExactly(entry(7L, "1,true,c2V2ZW4="));
        assertThat(new FileStateStore(file).pulls(OTHER)).hasSize(1);
    }

    @Test
    void aPullThatCannotBeKeptIsToldAndNotThere() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.keepPull(PHONE, 7, "1,false,c2V2ZW4=");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> store.keepPull(PHONE, 8, "1,false,ZWlnaHQ=")).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> store.forgetPull(PHONE, 7)).isInstanceOf(UncheckedIOException.class);
        assertThat(store.pulls(PHONE)).containsExactly(entry(7L, "1,false,c2V2ZW4="));
    }

    @Test
    void aWriteTornAtAnyByteLeavesTheOlderState() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.finish(PHONE, 1234);
        int before = (int) Files.size(file);
        store.begin(PHONE, 1235);
        byte[] whole = Files.readAllBytes(file);
        for (int size = before; size < whole.length - 1; size++) {
            Path torn = folder.resolve("torn-" + size);
            Files.write(torn, Arrays.copyOf(whole, size));

            FileStateStore reopened = new FileStateStore(torn);
            assertThat(reopened.finished(PHONE)).isEqualTo(1234);
            assertThat(reopened.handling(PHONE)).isZero();

            reopened.finish(PHONE, 1236);
            assertThat(new FileStateStore(torn).finished(PHONE)).isEqualTo(1236);
        }
    }

    @Test
    void aDamagedLineIsSkipped() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.finish(PHONE, 1234);
        store.finish(PHONE, 1299);
        Files.writeString(file, Files.readString(file).replace("1299", "9299"));
        assertThat(new FileStateStore(file).finished(PHONE)).isEqualTo(1234);
    }

    @Test
    void aFileFullOfGarbageIsAnEmptyState() throws IOException {
        Path file = folder.resolve("state");
        Files.write(file, new byte[] {0, -1, 32, 10, 32, 32, 32, 10, 13, 32, 49});
        assertThat(new FileStateStore(file).finished(PHONE)).isZero();
    }

    @Test
    void aLongFileIsWrittenAnewAndLosesNothing() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.finish(OTHER, 77);
        for (long seq = 1; seq <= 5_000; seq++) {
            store.begin(PHONE, seq);
            store.finish(PHONE, seq);
        }
        assertThat(Files.size(file)).isLessThan(70_000);
        FileStateStore again = new FileStateStore(file);
        assertThat(again.finished(PHONE)).isEqualTo(5_000);
        assertThat(again.finished(OTHER)).isEqualTo(77);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()).toList())
                    .containsExactlyInAnyOrder("state", "state.lock");
        }
    }

    @Test
    void aWriteThatFailsIsToldAndLeavesTheStateAsItWas() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        store.finish(PHONE, 5);
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> store.finish(PHONE, 6)).isInstanceOf(UncheckedIOException.class);
        assertThat(store.finished(PHONE)).isEqualTo(5);
    }

    @Test
    void twoStoresOnOneFileAppendWithoutTearingEachOther() throws IOException {
        Path file = folder.resolve("state");
        FileStateStore first = new FileStateStore(file);
        FileStateStore second = new FileStateStore(file);
        first.finish(PHONE, 5);
        second.finish(OTHER, 6);
        Files.writeString(file, "half a li", StandardOpenOption.APPEND);
        first.finish(PHONE, 7);
        FileStateStore again = new FileStateStore(file);
        assertThat(again.finished(PHONE)).isEqualTo(7);
        assertThat(again.finished(OTHER)).isEqualTo(6);
    }

    @Test
    void twoStoresOnOneFileLoseNothingOfEachOtherWhenOneWritesItAnew() {
        Path file = folder.resolve("state");
        FileStateStore first = new FileStateStore(file);
        FileStateStore second = new FileStateStore(file);
        second.finish(OTHER, 6);
        second.begin(OTHER, 7);
        second.keepPull(OTHER, 5, "1,false,Zml2ZQ==");
        second.keepPull(OTHER, 6, "1,false,c2l4");
        for (long seq = 1; seq <= 5_000; seq++) {
            first.begin(PHONE, seq);
            first.finish(PHONE, seq);
            if (seq == 2_500) {
                second.forgetPull(OTHER, 5);
            }
        }
        FileStateStore again = new FileStateStore(file);
        assertThat(again.finished(PHONE)).isEqualTo(5_000);
        assertThat(again.finished(OTHER)).isEqualTo(6);
        assertThat(again.handling(OTHER)).isEqualTo(7);
        assertThat(again.pulls(OTHER)).containsExactly(entry(6L, "1,false,c2l4"));
    }

    @Test
    void severalThreadsWithAStoreEachWriteOneFile() throws Exception {
        Path file = folder.resolve("state");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String endpoint = "demo/u" + i + "/phone";
            FileStateStore store = new FileStateStore(file);
            threads.add(new Thread(() -> {
                for (long seq = 1; seq <= 1_000; seq++) {
                    store.begin(endpoint, seq);
                    store.finish(endpoint, seq);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        FileStateStore again = new FileStateStore(file);
        for (int i = 0; i < 4; i++) {
            assertThat(again.finished("demo/u" + i + "/phone")).isEqualTo(1_000);
        }
    }

    @Test
    void aLateFinishPutsNothingBack() {
        Path file = folder.resolve("state");
        FileStateStore late = new FileStateStore(file);
        late.begin(PHONE, 5);
        FileStateStore next = new FileStateStore(file);
        next.finish(PHONE, 5);
        next.finish(PHONE, 6);
        next.begin(PHONE, 7);
        late.finish(PHONE, 5);
        next.finish(PHONE, 5);

        assertThat(next.finished(PHONE)).isEqualTo(6);
        assertThat(next.handling(PHONE)).isEqualTo(7);
        FileStateStore again = new FileStateStore(file);
        assertThat(again.finished(PHONE)).isEqualTo(6);
        assertThat(again.handling(PHONE)).isEqualTo(7);
    }

    @Test
    void anInterruptedThreadRecordsToo() {
        Path file = folder.resolve("state");
        FileStateStore store = new FileStateStore(file);
        Thread.currentThread().interrupt();
        store.begin(PHONE, 5);
        store.finish(PHONE, 5);
        assertThat(Thread.interrupted()).as("it is left as it was").isTrue();
        assertThat(new FileStateStore(file).finished(PHONE)).isEqualTo(5);
    }
}
