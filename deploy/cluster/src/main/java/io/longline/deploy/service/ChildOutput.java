package io.longline.deploy.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Where what a service's process writes goes to. */
public sealed interface ChildOutput {

    /** Line by line to somebody here, each behind the name of its instance. */
    record Lines(Consumer<String> reader) implements ChildOutput {}

    /** To {@code INSTANCE.log} in a folder, behind what is there already; the process writes it itself. */
    record Folder(Path path) implements ChildOutput {}

    /** The process's standard error goes where its output goes. */
    default void prepare(ProcessBuilder builder, String instance) {
        builder.redirectErrorStream(true);
        if (this instanceof Folder folder) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                    folder.path().resolve(instance + ".log").toFile()));
        }
    }

    /** Reads what a started process says until it ends. */
    default void follow(Process process, String instance) {
        if (this instanceof Lines) {
            Thread.ofVirtual().name("output-" + instance).start(() -> copy(process, instance));
        }
    }

    private void copy(Process process, String instance) {
        try (BufferedReader reading =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                say(instance, line);
            }
        } catch (IOException e) {
            say(instance, "its output cannot be read: " + e.getMessage());
        }
    }

    /** Something about the process. */
    default void say(String instance, String what) {
        if (this instanceof Lines lines) {
            lines.reader().accept("[" + instance + "] " + what);
        }
    }
}
