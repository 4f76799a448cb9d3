package io.longline.deploy.cluster;

/**
 * Where the services of a local cluster listen; 0 takes any free port.
 *
 * @param dispatcher of the one dispatcher
 * @param room of the first room, the next one higher
 * @param center of the first center, the next one higher
 * @param admin of the first instance, the next one higher, in the order of {@link io.longline.deploy.service.ServiceKind}
 */
public record ClusterPorts(int dispatcher, int room, int center, int admin) {

    /** What {@code longline up} takes unless told otherwise. */
    public static final ClusterPorts DEFAULT = new ClusterPorts(7000, 7100, 7200, 7900);

    /** Free ones for all. */
    public static final ClusterPorts ANY = new ClusterPorts(0, 0, 0, 0);

    static int nth(int first, int index) {
        return first == 0 ? 0 : first + index;
    }
}
