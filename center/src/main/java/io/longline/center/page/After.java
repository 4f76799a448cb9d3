package io.longline.center.page;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import java.util.Optional;

/** The one query parameter that a list in pages has. */
public final class After {
    /** Its name. */
    public static final String FIELD = "after";

    private After() {}

    /** INVALID_ARGUMENT where there is any other. */
    public static Optional<String> of(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(FIELD)) {
                throw LonglineException.invalid(name, "is not known, expected no other than " + FIELD);
            }
        }
        return request.query(FIELD);
    }
}
