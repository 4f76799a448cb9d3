package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Who there is in a run: users, their devices, and the clients that serve them. The same for the same seed. */
final class World {
    private static final List<String> DEVICES = List.of("phone", "web", "pad");
    private static final int MOST_OF_A_PHONE = 4;
    private static final int LIMITED_USERS = 4;

    /** There is one for so many users. */
    private static final int NEWCOMER_EACH = 2;

    private final Random random;
    private final Target target;
    private final History history;

    /** A user of one product. */
    record User(Tenant tenant, String name, List<EndpointId> endpoints) {}

    private final List<User> users = new ArrayList<>();
    private final List<User> limited = new ArrayList<>();
    private final List<Phone> owners = new ArrayList<>();
    private final List<Phone> thieves = new ArrayList<>();
    private final List<SdkPhone> sdkPhones = new ArrayList<>();

    /** They come in the middle of the run, and are sent nothing but what is for everybody. */
    private final List<Phone> newcomers = new ArrayList<>();

    World(long seed, int usersOfAProduct, Target target, History history) {
        this.random = new Random(seed);
        this.target = target;
        this.history = history;
        List<EndpointId> raw = new ArrayList<>();
        Map<String, Tenant> tenants = target.tenantsById();
        for (Tenant tenant : target.tenants()) {
            int count = tenant.limited() ? Math.min(LIMITED_USERS, usersOfAProduct) : usersOfAProduct;
            newcomers(tenant, tenant.limited() ? 0 : count / NEWCOMER_EACH, seed);
            for (int i = 0; i < count; i++) {
                User user = user(tenant, "u" + i + "-" + Long.toString(seed, Character.MAX_RADIX));
                (tenant.limited() ? limited : users).add(user);
                for (EndpointId endpoint : user.endpoints) {
                    if (random.nextInt(5) == 0) {
                        String name = "sdk of " + endpoint;
                        sdkPhones.add(new SdkPhone(name, endpoint, tenant, history, target.dispatchers()));
                    } else {
                        raw.add(endpoint);
                    }
                }
            }
        }
        Collections.shuffle(raw, random);
        share(raw, tenants, "phone ", owners);
        share(raw.subList(0, raw.size() / 3), tenants, "thief ", thieves);
    }

    private void newcomers(Tenant tenant, int count, long seed) {
        for (int i = 0; i < count; i++) {
            String user = "n" + i + "-" + Long.toString(seed, Character.MAX_RADIX);
            EndpointId endpoint = new EndpointId(tenant.product(), user, DEVICES.getFirst());
            newcomers.add(new Phone(
                    "newcomer " + newcomers.size(),
                    i % 3 == 0,
                    Map.of(endpoint, tenant),
                    history,
                    target.rooms(),
                    new Random(seed + newcomers.size())));
        }
    }

    private User user(Tenant tenant, String name) {
        List<String> devices = random.nextInt(10) == 0
                ? List.of(EndpointId.DEFAULT_DEVICE)
                : DEVICES.subList(0, 1 + random.nextInt(DEVICES.size()));
        return new User(
                tenant,
                name,
                devices.stream()
                        .map(device -> new EndpointId(tenant.product(), name, device))
                        .toList());
    }

    private void share(List<EndpointId> endpoints, Map<String, Tenant> tenants, String word, List<Phone> phones) {
        for (int i = 0; i < endpoints.size(); ) {
            int end = Math.min(endpoints.size(), i + 1 + random.nextInt(MOST_OF_A_PHONE));
            Map<EndpointId, Tenant> served = new HashMap<>();
            endpoints.subList(i, end).forEach(each -> served.put(each, tenants.get(each.product())));
            phones.add(new Phone(
                    word + phones.size(),
                    random.nextInt(3) == 0,
                    served,
                    history,
                    target.rooms(),
                    new Random(random.nextLong())));
            i = end;
        }
    }

    /** Those of products without limits. */
    List<User> users() {
        return users;
    }

    /** Those of products with limits. */
    List<User> limited() {
        return limited;
    }

    List<User> usersOf(Tenant tenant) {
        return (tenant.limited() ? limited : users)
                .stream().filter(user -> user.tenant().equals(tenant)).toList();
    }

    /** Every raw endpoint is served by one of them. */
    List<Phone> owners() {
        return owners;
    }

    List<Phone> newcomers() {
        return newcomers;
    }

    /** All that have endpoints of their own. */
    List<Phone> residents() {
        return Stream.concat(owners.stream(), newcomers.stream()).toList();
    }

    /** They bind what the owners have. */
    List<Phone> thieves() {
        return thieves;
    }

    List<SdkPhone> sdkPhones() {
        return sdkPhones;
    }

    /** Whether every client has what it sent acknowledged. */
    boolean hasSentAll() {
        return owners.stream().allMatch(Phone::hasSentAll) && sdkPhones.stream().allMatch(SdkPhone::hasSentAll);
    }

    void tick() {
        owners.forEach(Phone::tick);
        newcomers.forEach(Phone::tick);
        thieves.forEach(Phone::tick);
        sdkPhones.forEach(SdkPhone::tick);
    }

    void close() {
        owners.forEach(Phone::rest);
        newcomers.forEach(Phone::rest);
        thieves.forEach(Phone::rest);
        sdkPhones.parallelStream().forEach(SdkPhone::close);
    }
}
