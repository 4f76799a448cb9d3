package io.longline.dispatcher.dispatch;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.PublicAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From rooms in their order to the addresses a client is to try. First one address of each room, then a second one of each, and so on,
 * so that one dead room costs one attempt; the first three use two ports wherever two exist, so that a network which blocks one port
 * costs no whole list. Those in the client's region come before others, until it has tried them in vain. What failed before comes last.
 */
final class AddressList {
    /** A client gives up long before; a longer list only costs bytes. */
    static final int MOST = 8;

    private static final int FIRST = 3;

    /** From this attempt on, each of which was a whole list, another region comes first. */
    private static final int ABROAD = 3;

    private AddressList() {}

    /** One way to reach a room. */
    record Address(Node room, PublicAddress at) {

        /** As clients name it. */
        String name() {
            String host = at.host().indexOf(':') < 0 ? at.host() : "[" + at.host() + "]";
            return host + ":" + at.port();
        }

        /** "" where regions play no part. */
        String region() {
            return at.region().isEmpty() ? room.region() : at.region();
        }
    }

    /**
     * What is known of who asks.
     *
     * @param region where it is; "": its home is where the balancer's first choice is
     * @param attempt how many whole lists it has tried in vain
     * @param last where it was connected last; first if it is among them and did not fail
     * @param failed what it could not reach; last
     */
    record Caller(String region, int attempt, Optional<String> last, Set<String> failed) {}

    /** @param rooms in the order of the balancer */
    static List<Address> of(List<Node> rooms, Caller caller) {
        List<Address> all = roundRobin(rooms);
        List<Address> good = new ArrayList<>();
        List<Address> bad = new ArrayList<>();
        for (Address address : all) {
            (caller.failed.contains(address.name()) ? bad : good).add(address);
        }
        boolean abroad = caller.attempt >= ABROAD;
        if (abroad) {
            String home =
                    caller.region.isEmpty() && !all.isEmpty() ? all.getFirst().region() : caller.region;
            caller.last.ifPresent(name -> bringForward(good, name));
            good.sort(Comparator.comparing(
                    (Address address) -> !Distance.of(home, address.region()).isAbroad()));
        } else {
            good.sort(Comparator.comparing((Address address) -> Distance.of(caller.region, address.region())));
            caller.last.ifPresent(name -> bringForward(good, name));
        }
        mixPorts(good);
        good.addAll(bad);
        return good.subList(0, Math.min(good.size(), MOST));
    }

    private static List<Address> roundRobin(List<Node> rooms) {
        Map<String, Address> byName = new LinkedHashMap<>();
        int longest =
                rooms.stream().mapToInt(room -> room.addresses().size()).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (Node room : rooms) {
                if (i < room.addresses().size()) {
                    Address address = new Address(room, room.addresses().get(i));
                    byName.putIfAbsent(address.name(), address);
                }
            }
        }
        return List.copyOf(byName.values());
    }

    private static void bringForward(List<Address> addresses, String name) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).name().equals(name)) {
                addresses.addFirst(addresses.remove(i));
                return;
            }
        }
    }

    /** Where the first three share one port, the next address with another takes the third place. */
    private static void mixPorts(List<Address> addresses) {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < addresses.size(); i++) {
            ports.add(addresses.get(i).at().port());
            if (ports.size() > 1) {
                if (i >= FIRST) {
                    addresses.add(FIRST - 1, addresses.remove(i));
                }
                return;
            }
        }
    }
}
