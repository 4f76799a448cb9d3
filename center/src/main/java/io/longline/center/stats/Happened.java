package io.longline.center.stats;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How often each thing happened in some time: targets of messages accepted and refused, and how copies ended. */
record Happened(long accepted, long refused, long acked, long expired, long collapsed, long recalled, long dropped) {

    void write(ObjectNode json) {
        json.put("accepted", accepted)
                .put("refused", refused)
                .put("acked", acked)
                .put("expired", expired)
                .put("collapsed", collapsed)
                .put("recalled", recalled)
                .put("dropped", dropped);
    }

    /** As rates of this time, to a hundredth. */
    void writePerSecond(int seconds, ObjectNode json) {
        json.put("accepted", perSecond(accepted, seconds))
                .put("refused", perSecond(refused, seconds))
                .put("acked", perSecond(acked, seconds))
                .put("expired", perSecond(expired, seconds))
                .put("collapsed", perSecond(collapsed, seconds))
                .put("recalled", perSecond(recalled, seconds))
                .put("dropped", perSecond(dropped, seconds));
    }

    private static double perSecond(long count, int seconds) {
        return Math.round(count * 100.0 / seconds) / 100.0;
    }
}
