package io.longline.dispatcher.dispatch;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.id.Ids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks. Parameters that this release does not use are ignored: clients are of every age.
 *
 * @param region where it says that it is, if it does
 * @param attempt how many whole lists it has tried in vain
 * @param last the address where it was connected last, {@code HOST:PORT}
 * @param failed the addresses that it could not reach
 */
record DispatchQuestion(
        String product, String user, Optional<String> region, int attempt, Optional<String> last, Set<String> failed) {
    private static final String ATTEMPT = "[0-9]{1,9}";

    /** Throws INVALID_ARGUMENT with everything that is wrong. */
    static DispatchQuestion of(HttpRequest request) {
        List<FieldProblem> problems = new ArrayList<>();
        String product = required(request, "product", problems);
        if (!product.isEmpty()) {
            Ids.productProblem(product).ifPresent(problem -> problems.add(new FieldProblem("product", problem)));
        }
        String user = required(request, "user", problems);
        if (!user.isEmpty()) {
            Ids.problem(user).ifPresent(problem -> problems.add(new FieldProblem("user", problem)));
        }
        request.query("device")
                .filter(device -> !device.isEmpty())
                .flatMap(Ids::problem)
                .ifPresent(problem -> problems.add(new FieldProblem("device", problem)));
        String attempt = request.query("attempt").orElse("0");
        if (!attempt.matches(ATTEMPT)) {
            problems.add(new FieldProblem("attempt", "expected a whole number from 0"));
        }
        throwIfAny(problems);
        Set<String> failed = request.query("failed")
                .map(list -> Set.copyOf(Arrays.asList(list.split(","))))
                .orElse(Set.of());
        return new DispatchQuestion(
                product,
                user,
                request.query("region").filter(region -> !region.isEmpty()),
                Integer.parseInt(attempt),
                request.query("last"),
                failed);
    }

    private static String required(HttpRequest request, String name, List<FieldProblem> problems) {
        String value = request.query(name).orElse("");
        if (value.isEmpty()) {
            problems.add(new FieldProblem(name, "is required"));
        }
        return value;
    }

    private static void throwIfAny(List<FieldProblem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        FieldProblem first = problems.getFirst();
        LonglineException all =
                new LonglineException(ErrorCode.INVALID_ARGUMENT, first.field() + ": " + first.problem());
        for (FieldProblem problem : problems) {
            all = all.detail(problem.field(), problem.problem());
        }
        throw all;
    }
}
