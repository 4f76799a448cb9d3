package io.longline.keeper.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key that was probably meant. */
final class Spelling {

    private static final int NEAR = 2;

    private Spelling() {}

    /** The nearest of {@code known} that is at most two edits (letters added, dropped or changed) away. */
    static Optional<String> nearest(String key, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(key, candidate) <= NEAR)
                .min(Comparator.comparingInt(candidate -> distance(key, candidate)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
