package io.longline.saver.job;

import java.util.List;

/** What somebody has a place for. */
enum TakeWhat {
    /** What has a list of those who are sent a message, be it sent or recalled: who asks so may know of nothing else. */
    ANY,
    TO_SEND,
    TO_RECALL,
    TO_BROADCAST,
    TO_KICK;

    /** Those of the first of them come first. */
    List<MysqlFreeJobs> from() {
        return switch (this) {
            case ANY -> List.of(MysqlFreeJobs.LISTS_TO_RECALL, MysqlFreeJobs.TO_SEND);
            case TO_SEND -> List.of(MysqlFreeJobs.TO_SEND);
            case TO_RECALL -> List.of(MysqlFreeJobs.TO_RECALL);
            case TO_BROADCAST -> List.of(MysqlFreeJobs.TO_BROADCAST);
            case TO_KICK -> List.of(MysqlFreeJobs.TO_KICK);
        };
    }
}
