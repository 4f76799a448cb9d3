package io.longline.deploy.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** One topic as one user has it: what back ends wish counts for all endpoints, also those that come later. */
final class UserTopic {
    final Account account;

    /** What is so for an endpoint that has said nothing by itself. */
    final FollowCase user = new FollowCase();

    private final Map<String, FollowCase> devices = new HashMap<>();

    UserTopic(Account account) {
        this.account = account;
    }

    FollowCase of(EndpointCase endpoint) {
        return devices.computeIfAbsent(endpoint.id.device(), _ -> user.asUser());
    }

    Collection<FollowCase> devices() {
        return devices.values();
    }
}
