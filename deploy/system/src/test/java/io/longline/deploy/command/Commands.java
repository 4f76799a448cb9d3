package io.longline.deploy.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The commands, in this process. */
public final class Commands {

    private Commands() {}

    /** What came of one; text without the white space around it. */
    public record Run(int exitCode, String out, String err) {}

    /** Without an address: the running cluster is found. */
    public static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                LonglineMain.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = line.execute(arguments);
        return new Run(exitCode, out.toString().strip(), err.toString().strip());
    }
}
