package io.longline.deploy.service;

import io.longline.keeper.life.ServiceProcess;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A service in a process of its own: {@code ServiceMain NAME --key=value...}; ends when its input is closed. */
final class ServiceMain {

    private ServiceMain() {}

    public static void main(String[] args) {
        ServiceKind kind = ServiceKind.of(args[0]).orElseThrow();
        Thread.ofPlatform().daemon().name("parent").start(ServiceMain::exitAtEndOfInput);
        String[] flags = Arrays.copyOfRange(args, 1, args.length);
        ServiceProcess.run(
                kind.word(), flags, kind::checked, source -> kind.start(source).handle());
    }

    /** What Java is told, so that the log goes to standard output; {@code logback.xml} reads these properties. */
    static List<String> logFlags() {
        return List.of("-Dlongline.log.appender=OUTPUT", "-Dlongline.log.level=INFO");
    }

    /** The process that started this one holds the other end: it is closed when that process is gone. */
    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said there
            }
        } catch (IOException e) {
            // as good as its end
        }
        System.exit(0);
    }
}
