package io.longline.deploy.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** All users of all products. */
final class Accounts {
    private final FaultLog faults;
    private final Findings findings;
    private final Map<String, Map<String, Account>> accounts = new HashMap<>();

    Accounts(FaultLog faults, Findings findings) {
        this.faults = faults;
        this.findings = findings;
    }

    Account of(String product, String user) {
        return accounts.computeIfAbsent(product, _ -> new HashMap<>())
                .computeIfAbsent(user, _ -> new Account(product, user, faults, findings));
    }

    Collection<Account> ofProduct(String product) {
        return accounts.getOrDefault(product, Map.of()).values();
    }

    Stream<Account> all() {
        return accounts.values().stream().flatMap(ofProduct -> ofProduct.values().stream());
    }
}
