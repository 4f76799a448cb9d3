package io.longline.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.discovery.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressListTest {

    private static List<String> names(List<Node> rooms) {
        return names(rooms, Optional.empty(), Set.of());
    }

    private static List<String> names(List<Node> rooms, Optional<String> last, Set<String> failed) {
        return AddressList.of(rooms, last, failed).stream()
                .map(AddressList.Address::name)
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
}
