package io.longline.deploy.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All proxies of a cluster and the terms that hold between its parts. Safe for use by many threads. */
public final class Network implements AutoCloseable {
    private final SocketOwners owners;
    private final List<ProxyPort> ports = new ArrayList<>();
    /** Identity counts: two cuts of the same parts are two keys. */
    private final Map<Object, Setting> settings = new LinkedHashMap<>();

    private volatile Duration commitDelay = Duration.ZERO;

    private record Setting(Rule rule, Terms terms) {}

    /** Who may connect to a port. */
    public enum Callers {
        /** Parts of the cluster, told by the process that owns the socket. */
        PARTS,
        /** Nobody who is a part: not looked up. */
        OUTSIDE
    }

    /**
     * Creates one without ports.
     *
     * @param pids of the processes of all parts, by name
     */
    public Network(Supplier<Map<String, Long>> pids) {
        this.owners = new SocketOwners(pids);
    }

    /**
     * Opens a port that leads to the one where a part listens, now or later.
     *
     * @return the port to be told to callers
     */
    public int open(String owner, int target, Callers callers) {
        return open(owner, target, callers, ByteDelay.NONE);
    }

    /** Likewise to a MySQL server, whose commits can be delayed. */
    public int openMysql(String owner, int target) {
        return open(owner, target, Callers.PARTS, new CommitDelay(() -> commitDelay));
    }

    private synchronized int open(String owner, int target, Callers callers, ByteDelay delay) {
        try {
            ProxyPort port = new ProxyPort(new ProxyPort.Target(owner, target, delay), caller(callers), this::terms);
            port.start();
            ports.add(port);
            return port.port();
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a proxy before " + owner, e);
        }
    }

    private ProxyPort.Caller caller(Callers callers) {
        return switch (callers) {
            case PARTS -> owners::ownerOf;
            case OUTSIDE -> (client, server) -> SocketOwners.OUTSIDE;
        };
    }

    /**
     * Sets terms, in place of those set under this key.
     *
     * @param key compared by equality
     */
    public void set(Object key, Rule rule, Terms terms) {
        synchronized (this) {
            settings.put(key, new Setting(rule, terms));
        }
        changed();
    }

    /** Removes what was set under this key. */
    public void heal(Object key) {
        synchronized (this) {
            settings.remove(key);
        }
        changed();
    }

    /** Removes everything that was set. */
    public void healAll() {
        synchronized (this) {
            settings.clear();
        }
        commitDelay = Duration.ZERO;
        changed();
    }

    /** Each commit of MySQL reaches it so much later; everything else is as fast as ever. */
    public void delayCommits(Duration delay) {
        commitDelay = delay;
    }

    private void changed() {
        List<ProxyPort> all;
        synchronized (this) {
            all = List.copyOf(ports);
        }
        all.forEach(ProxyPort::termsChanged);
    }

    private synchronized Terms terms(String speaker, String hearer) {
        Terms all = Terms.NONE;
        for (Setting setting : settings.values()) {
            if (setting.rule.covers(speaker, hearer)) {
                all = all.and(setting.terms);
            }
        }
        return all;
    }

    /** Closes all ports and connections. */
    @Override
    public void close() {
        List<ProxyPort> all;
        synchronized (this) {
            all = List.copyOf(ports);
        }
        all.forEach(ProxyPort::close);
    }
}
