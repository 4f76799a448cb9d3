package io.longline.keeper.discovery;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the children of one ZooKeeper node, and leaves a watch on whatever it reads. */
final class ZkChildren<T> {

    private static final Logger log = LoggerFactory.getLogger(ZkChildren.class);

    private final ZkSession session;
    private final CuratorFramework curator;
    private final String path;
    private final ZkFolder.Parser<T> parser;
    private final CuratorWatcher watcher;

    ZkChildren(ZkSession session, String path, ZkFolder.Parser<T> parser, CuratorWatcher watcher) {
        this.session = session;
        this.curator = session.curator();
        this.path = path;
        this.parser = parser;
        this.watcher = watcher;
    }

    /** What {@code known} is once the changes are read. A child that cannot be parsed stays as it was. */
    Map<String, T> read(Map<String, T> known, Changes changes) throws Exception {
        Map<String, T> next = new TreeMap<>(known);
        Set<String> toRead = new HashSet<>(changes.children);
        if (changes.everything) {
            curator.createContainers(path);
            session.sync(path);
        }
        if (changes.everything || changes.names) {
            List<String> names = curator.getChildren().usingWatcher(watcher).forPath(path);
            next.keySet().retainAll(names);
            names.stream()
                    .filter(name -> changes.everything || !next.containsKey(name))
                    .forEach(toRead::add);
        }
        for (String name : toRead) {
            readChild(name, next);
        }
        return Collections.unmodifiableMap(next);
    }

    /** Leaves no watch; a child that cannot be parsed fails all. */
    Map<String, T> readNow() throws Exception {
        Map<String, T> found = new TreeMap<>();
        for (String name : session.children(path)) {
            try {
                found.put(name, parser.parse(name, curator.getData().forPath(child(name))));
            } catch (KeeperException.NoNodeException e) {
                log.debug("gone while it was read path={}", child(name));
            }
        }
        return found;
    }

    private void readChild(String name, Map<String, T> next) throws Exception {
        byte[] content;
        try {
            content = curator.getData().usingWatcher(watcher).forPath(child(name));
        } catch (KeeperException.NoNodeException e) {
            next.remove(name);
            return;
        }
        try {
            next.put(name, parser.parse(name, content));
        } catch (Exception e) {
            log.warn("refused path={}, what was there before stays error=\"{}\"", child(name), e.getMessage());
        }
    }

    private String child(String name) {
        return path + "/" + name;
    }

    /** What there is to read: some children, and perhaps their names, or everything. */
    static final class Changes {

        private final boolean everything;
        private final Set<String> children = new HashSet<>();
        private boolean names;

        private Changes(boolean everything) {
            this.everything = everything;
        }

        static Changes none() {
            return new Changes(false);
        }

        static Changes everything() {
            return new Changes(true);
        }

        void addNames() {
            names = true;
        }

        void addChild(String name) {
            children.add(name);
        }

        boolean isEverything() {
            return everything;
        }

        boolean isEmpty() {
            return !everything && !names && children.isEmpty();
        }
    }
}
