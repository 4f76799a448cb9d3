package io.longline.center.kick;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.center.job.JobKick;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.id.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The body of {@code :batchKick}, read as it comes: its users are kept once, and nothing else of it.
 *
 * @param users each once, in the order of the list
 */
record KickList(Set<String> users, JobKick kick) {
    static final int MOST_USERS = 100_000;
    /** Of all that is wrong so much is told. */
    private static final int MOST_PROBLEMS = 10;

    private static final String USERS = "users";

    /** INVALID_ARGUMENT with what is wrong. */
    static KickList read(InputStream body) {
        Reader reader = new Reader();
        Fields fields = JsonBody.read(body, USERS, reader::users).fields();
        JobKick kick = KickBody.read(fields);
        reader.finish(fields);
        return new KickList(reader.users, kick);
    }

    /** Of the list. */
    private static final class Reader {
        private final Set<String> users = new LinkedHashSet<>();
        private final List<FieldProblem> problems = new ArrayList<>();
        private int entries;

        /** At the value of the field; leaves the parser at its end. */
        void users(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
                String user = isText ? parser.getText() : "";
                parser.skipChildren();
                take(user);
            }
        }

        private void take(String user) {
            String field = USERS + "[" + entries + "]";
            if (++entries > MOST_USERS) {
                return;
            }
            Ids.problem(user)
                    .ifPresentOrElse(
                            problem -> {
                                if (problems.size() < MOST_PROBLEMS) {
                                    problems.add(new FieldProblem(field, problem));
                                }
                            },
                            () -> users.add(user));
        }

        void finish(Fields fields) {
            if (!fields.names(USERS)) {
                fields.problem(USERS, "is required");
            } else if (entries == 0 || entries > MOST_USERS) {
                fields.problem(USERS, "expected a list of 1 to " + MOST_USERS + " ids, got " + entries);
            }
            problems.forEach(problem -> fields.problem(problem.field(), problem.problem()));
            fields.finish();
        }
    }
}
