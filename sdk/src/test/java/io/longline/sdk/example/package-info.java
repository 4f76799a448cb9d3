/** The example of the README, kept compiling. Nothing calls it but a person who tries it. */
@NullMarked
package io.longline.sdk.example;

import org.jspecify.annotations.NullMarked;
