package io.longline.deploy.command;

import java.util.function.Supplier;
import picocli.CommandLine;

/** A command that another module adds to {@code longline}, found by {@link java.util.ServiceLoader}. */
public interface MoreCommands extends Supplier<CommandLine> {}
