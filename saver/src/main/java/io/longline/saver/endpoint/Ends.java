package io.longline.saver.endpoint;

/** Is told how many copies came to their end, and how. Called for each answer of the store, from its threads; must not block. */
@FunctionalInterface
public interface Ends {
    Ends UNCOUNTED = (product, state, copies) -> {};

    void ended(String product, CopyState state, long copies);
}
