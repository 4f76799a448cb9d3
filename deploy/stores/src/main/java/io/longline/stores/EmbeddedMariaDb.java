package io.longline.stores;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A real MariaDB 11.4 in a process of its own, on the loopback address, with the database {@code longline} and a user of
 * that name. The first start on a folder installs it, which takes some seconds. The port stays the same over stops and
 * starts.
 */
public final class EmbeddedMariaDb extends StoreServer {
    private static final List<String> SHELLS = List.of("sh", "bash", "dash");
    private static final int PROTOCOL_VERSION = 10;
    private static final String ACCOUNT = "longline";
    /** In which a shell counts. */
    private static final int FILE_BLOCK = 512;

    /** Run at each start, before connections are taken. The account may make further databases beside its own. */
    private static final String ACCOUNT_SQL = """
            CREATE DATABASE IF NOT EXISTS longline CHARACTER SET utf8mb4;
            CREATE USER IF NOT EXISTS 'longline'@'127.0.0.1' IDENTIFIED BY 'longline';
            GRANT ALL ON `longline%`.* TO 'longline'@'127.0.0.1';
            """;

    private final StoreProcess installer;
    private final Consumer<String> progress;
    private final List<String> launcher = new ArrayList<>();

    private EmbeddedMariaDb(StoreDirectory directory, int port, Consumer<String> progress) {
        super("mariadbd", "mariadbd", directory, port);
        this.installer = new StoreProcess("mariadb-install", SHELLS, directory());
        this.progress = progress;
    }

    /** In a temporary folder that is deleted on close, on a free port. */
    public static EmbeddedMariaDb temporary() {
        return new EmbeddedMariaDb(StoreDirectory.temporary("mariadb"), 0, line -> {});
    }

    /**
     * In a folder that is kept.
     *
     * @param directory made if it is absent; its data is used and kept
     * @param port 0: a free one, chosen at the first start
     * @param progress told in a sentence what is being done when it takes long
     */
    public static EmbeddedMariaDb in(Path directory, int port, Consumer<String> progress) {
        return new EmbeddedMariaDb(StoreDirectory.given(directory), port, progress);
    }

    /**
     * No file of it can grow beyond that, as on a disk that is full; to be called before it is started. Its logs take 48 MiB
     * from the beginning.
     */
    public synchronized EmbeddedMariaDb withLargestFile(long bytes) {
        launcher.clear();
        // Otherwise the signal that comes with the error would end it.
        String limit = "trap '' XFSZ; ulimit -f %d; exec \"$@\"".formatted(bytes / FILE_BLOCK);
        launcher.addAll(List.of("/bin/sh", "-c", limit, "sh"));
        return this;
    }

    /** Installs where nothing is. */
    @Override
    public synchronized EmbeddedMariaDb start() {
        super.start();
        return this;
    }

    @Override
    public synchronized void empty() {
        installer.endLeftover();
        super.empty();
    }

    @Override
    List<String> command(int onPort) throws IOException {
        installer.endLeftover();
        if (!Files.isDirectory(data())) {
            install();
        }
        Files.createDirectories(scratch());
        Files.writeString(directory().resolve("account.sql"), ACCOUNT_SQL);
        Path programs = StoreBinaries.mariaDb();
        List<String> command = new ArrayList<>(launcher);
        command.add(programs.resolve("bin/mariadbd").toString());
        command.add("--no-defaults"); // must come first
        command.add("--basedir=" + programs);
        command.add("--datadir=" + data());
        command.add("--tmpdir=" + scratch());
        command.add("--init-file=" + directory().resolve("account.sql"));
        command.add("--bind-address=127.0.0.1");
        command.add("--port=" + onPort);
        command.add("--socket=mariadb.sock"); // in the data folder: a full path may be too long for a socket
        command.add("--skip-name-resolve");
        command.add("--skip-ssl"); // it would make a key of 4096 bits at each start: seconds
        command.add("--character-set-server=utf8mb4");
        command.add("--innodb-buffer-pool-size=64M");
        command.add("--innodb-log-file-size=48M");
        command.add("--performance-schema=OFF");
        command.add("--max-connections=500");
        runAsRoot(command);
        return command;
    }

    private void install() throws IOException {
        progress.accept("installing MariaDB in " + directory() + " (first start, some seconds)");
        Path programs = StoreBinaries.mariaDb();
        if (hasWhiteSpace(programs)) {
            throw new IOException("the installer of MariaDB does not work from a folder with white space in its path, "
                    + programs + "; name another one in XDG_CACHE_HOME");
        }
        Path fresh = directory().resolve("data.installing");
        StoreDirectory.given(fresh).empty();
        Files.createDirectories(scratch());
        if (hasWhiteSpace(fresh)) {
            Path folder = Files.createTempDirectory("longline-install-");
            Path link = Files.createSymbolicLink(folder.resolve("data"), fresh);
            try {
                runInstaller(programs, link); // a script, which would tear the path
            } finally {
                Files.deleteIfExists(link);
                Files.deleteIfExists(folder);
            }
        } else {
            runInstaller(programs, fresh);
        }
        // Moved when it is whole: an installation that was killed is begun again.
        Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean hasWhiteSpace(Path path) {
        return path.toString().chars().anyMatch(Character::isWhitespace);
    }

    private void runInstaller(Path programs, Path fresh) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(programs.resolve("scripts/mariadb-install-db").toString());
        command.add("--no-defaults");
        command.add("--basedir=" + programs);
        command.add("--datadir=" + fresh);
        command.add("--skip-name-resolve");
        command.add("--skip-test-db");
        command.add("--auth-root-authentication-method=normal");
        command.add("--innodb-log-file-size=48M");
        command.add("--force");
        runAsRoot(command);
        // One that starts deletes the temporary tables of all in its folder; an option would be torn at white space.
        installer.run(command, Map.of("TMPDIR", scratch().toString()));
    }

    private static void runAsRoot(List<String> command) {
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root"); // it refuses to be root otherwise
        }
    }

    /** The database {@code longline}, user and password included. */
    public String jdbcUrl() {
        return jdbcUrl("longline");
    }

    /** Another database, whose name begins with {@code longline}; made by the first connection. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://127.0.0.1:%d/%s?user=%s&password=%s&createDatabaseIfNotExist=true"
                .formatted(port(), database, ACCOUNT, ACCOUNT);
    }

    private Path scratch() {
        return directory().resolve("tmp");
    }

    private Path data() {
        return directory().resolve("data");
    }

    /** A server that takes connections greets each with its protocol's version. */
    @Override
    boolean answers(Socket socket) throws IOException {
        byte[] greeting = socket.getInputStream().readNBytes(5);
        return greeting.length == 5 && greeting[4] == PROTOCOL_VERSION;
    }
}
