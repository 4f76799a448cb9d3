package io.longline.saver.journal;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;

/** What an error of MySQL means for whoever gets it. */
public final class MysqlErrors {
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int DUPLICATE = 1062;

    private MysqlErrors() {}

    /** "Data exception" and "integrity constraint violation"; anything else may be better the next time. */
    public static boolean isBadValue(SQLException e) {
        return hasState(e, "22") || hasState(e, "23");
    }

    /** Somebody else was at the same rows. MySQL itself is well. */
    public static boolean isCollision(SQLException e) {
        return e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT_TIMEOUT || hasState(e, "40");
    }

    /** Somebody holds the row, and has not let it go in time. */
    public static boolean isLockWait(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT_TIMEOUT;
    }

    /** There is a row with that key. */
    public static boolean isDuplicate(SQLException e) {
        return e.getErrorCode() == DUPLICATE;
    }

    /** It was not MySQL that answered so. */
    static boolean isConnection(SQLException e) {
        return e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || hasState(e, "08");
    }

    private static boolean hasState(SQLException e, String beginning) {
        String state = e.getSQLState();
        return state != null && state.startsWith(beginning);
    }
}
