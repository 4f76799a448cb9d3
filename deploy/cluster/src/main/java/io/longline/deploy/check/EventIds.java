package io.longline.deploy.check;

import io.longline.deploy.check.history.Notice;
import java.util.LinkedHashMap;
import java.util.Map;

/** The last events that back ends were told, by their ids: one never stands for two different things. */
final class EventIds {
    private static final int MOST = 50_000;

    private final Findings findings;
    private final Map<String, Notice> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Notice> eldest) {
            return size() > MOST;
        }
    };

    EventIds(Findings findings) {
        this.findings = findings;
    }

    /** Whether it is told for the first time. */
    boolean isFresh(Notice notice, long at) {
        String key = notice.endpoint().product() + " " + notice.type().split("\\.", 2)[0] + " " + notice.id();
        Notice before = known.putIfAbsent(key, notice);
        if (before != null && !before.equals(notice)) {
            findings.add(11, "an id stands for two events: " + before + ", and " + notice, at);
        }
        return before == null;
    }
}
