package io.longline.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.dispatcher.dispatch.AddressList.Caller;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressListTest {

    private static List<String> names(List<Node> rooms) {
        return names(rooms, Optional.empty(), Set.of());
    }

    private static List<String> names(List<Node> rooms, Optional<String> last, Set<String> failed) {
        return names(rooms, new Caller("", 0, last, failed));
    }

    private static List<String> names(List<Node> rooms, Caller caller) {
        return AddressList.of(rooms, caller).stream()
                .map(AddressList.Address::name)
                .toList();
    }

    /** The rooms of such regions, in this order, as a caller of a region is told; {@code ""} says nothing. */
    private static List<String> regions(String home, int attempt, String... regions) {
        List<Node> rooms = IntStream.range(0, regions.length)
                .mapToObj(i -> Rooms.inRegion("room-" + i, "10.0.0." + i, regions[i]))
                .toList();
        return AddressList.of(rooms, new Caller(home, attempt, Optional.empty(), Set.of())).stream()
                .map(AddressList.Address::region)
                .toList();
    }

    private static Node room(int number, int... ports) {
        return Rooms.room("room-" + number, 100, "10.0.0." + number, ports);
    }

    @Test
    void eachRoomsFirstAddressComesBeforeAnyonesSecond() {
        assertThat(names(List.of(room(1, 443, 80), room(2, 80, 443))))
                .containsExactly("10.0.0.1:443", "10.0.0.2:80", "10.0.0.1:80", "10.0.0.2:443");
    }

    @Test
    void oneRoomWithThreePortsGivesThreeAddresses() {
        assertThat(names(List.of(room(1, 443, 80, 8080))))
                .containsExactly("10.0.0.1:443", "10.0.0.1:80", "10.0.0.1:8080");
    }

    @Test
    void theFirstThreeUseTwoPortsWhereverTwoExist() {
        assertThat(names(List.of(room(1, 443, 80), room(2, 443), room(3, 443), room(4, 443))))
                .containsExactly("10.0.0.1:443", "10.0.0.2:443", "10.0.0.1:80", "10.0.0.3:443", "10.0.0.4:443");
        assertThat(names(List.of(room(1, 443), room(2, 443), room(3, 443), room(4, 443), room(5, 80)))
                        .subList(0, 3))
                .containsExactly("10.0.0.1:443", "10.0.0.2:443", "10.0.0.5:80");
        assertThat(names(List.of(room(1, 443), room(2, 443), room(3, 443)))).hasSize(3);
    }

    @Test
    void noAddressStandsTwice() {
        Node twin = Rooms.room("room-9", 100, "10.0.0.1", 443);
        List<String> names = names(List.of(room(1, 443), twin, room(2, 443, 443)));

        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    @Test
    void theListIsBounded() {
        assertThat(names(Rooms.many(50))).hasSize(AddressList.MOST);
        assertThat(names(List.of())).isEmpty();
    }

    @Test
    void theLastOneComesFirst() {
        assertThat(names(Rooms.many(3), Optional.of("10.0.0.3:443"), Set.of()).getFirst())
                .isEqualTo("10.0.0.3:443");
        assertThat(names(List.of(room(1, 443, 80), room(2, 443)), Optional.of("10.0.0.1:80"), Set.of()))
                .containsExactly("10.0.0.1:80", "10.0.0.1:443", "10.0.0.2:443");
    }

    @Test
    void aLastOneThatIsNoMemberOrFailedIsNotFirst() {
        assertThat(names(Rooms.many(3), Optional.of("10.9.9.9:443"), Set.of())).isEqualTo(names(Rooms.many(3)));
        assertThat(names(Rooms.many(3), Optional.of("10.0.0.1:443"), Set.of("10.0.0.1:443")))
                .containsExactly("10.0.0.2:443", "10.0.0.3:443", "10.0.0.1:443");
    }

    @Test
    void failedOnesComeLastInTheirOrder() {
        assertThat(names(Rooms.many(4), Optional.empty(), Set.of("10.0.0.1:443", "10.0.0.3:443")))
                .containsExactly("10.0.0.2:443", "10.0.0.4:443", "10.0.0.1:443", "10.0.0.3:443");
        assertThat(names(Rooms.many(2), Optional.empty(), Set.of("10.0.0.1:443", "10.0.0.2:443")))
                .containsExactly("10.0.0.1:443", "10.0.0.2:443");
    }

    @Test
    void addressesOfVersionSixAreNamedInBrackets() {
        assertThat(names(List.of(Rooms.room("room-1", 100, "2001:db8::1", 443))))
                .containsExactly("[2001:db8::1]:443");
    }

    @Test
    void theCallersRegionComesFirstAndItsCarrierBeforeOthers() {
        assertThat(regions("sh", 0, "bj", "sh", "gz", "sh")).containsExactly("sh", "sh", "bj", "gz");
        assertThat(regions("sh/unicom", 2, "bj/unicom", "", "sh/mobile", "sh/unicom", "sh"))
                .containsExactly("sh/unicom", "sh", "sh/mobile", "", "bj/unicom");
        assertThat(regions("", 0, "bj", "sh")).containsExactly("bj", "sh");
        assertThat(regions("nowhere", 0, "bj", "sh")).containsExactly("bj", "sh");
    }

    @Test
    void fromAttemptThreeOnAnotherRegionComesFirst() {
        assertThat(regions("sh", 3, "sh", "bj", "sh", "gz")).containsExactly("bj", "gz", "sh", "sh");
        assertThat(regions("", 3, "sh", "bj", "sh"))
                .as("home is where the first choice is")
                .containsExactly("bj", "sh", "sh");
        assertThat(regions("sh", 7, "sh", "sh")).containsExactly("sh", "sh");
        assertThat(regions("", 3, "", "")).containsExactly("", "");
    }

    @Test
    void theLastOneComesFirstUntilAnotherRegionDoes() {
        List<Node> rooms =
                List.of(Rooms.inRegion("room-1", "10.0.0.1", "sh"), Rooms.inRegion("room-2", "10.0.0.2", "bj"));
        Optional<String> last = Optional.of("10.0.0.2:443");
        assertThat(names(rooms, new Caller("sh", 2, last, Set.of()))).startsWith("10.0.0.2:443");
        assertThat(names(rooms, new Caller("bj", 3, last, Set.of()))).startsWith("10.0.0.1:443");
    }

    @Test
    void anAddressWithoutARegionIsInThatOfItsRoom() {
        Node room = Rooms.room("room-1", 100, "10.0.0.1", 443);
        Node of = new Node("room", "room-2", 1, "", "", "", room.addresses(), NodeState.READY, "sh", 100, 0, 0);
        assertThat(AddressList.of(List.of(of), new Caller("", 0, Optional.empty(), Set.of())))
                .extracting(AddressList.Address::region)
                .containsExactly("sh");
    }
}
