package io.longline.coordinator.audit;

/**
 * Something that was wrong at two looks.
 *
 * @param mended false: what mends it was done, and it is still so
 */
record Finding(Suspect suspect, boolean mended) {}
