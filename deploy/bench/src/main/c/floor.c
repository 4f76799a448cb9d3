/*
 * The floor: the least that any server must do to bring messages to many connections. It accepts, on one thread, connections that
 * say nothing, and sends each message to every one of them with one send a connection. No protocol, no session, no memory of anything.
 * What Longline's room needs beyond that is what Longline costs.
 *
 *   floor CONNECTIONS PAYLOAD_BYTES
 *
 * Prints "port N", then for each line "send ROUNDS MESSAGES_A_SEND" on its input one line of figures:
 *   deliveries N wall_s S cpu_s S again N
 * Ends with its input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int listening(int *port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (fd < 0) fail("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (void *)&address, sizeof address) < 0) fail("bind");
    if (listen(fd, 65535) < 0) fail("listen");
    if (getsockname(fd, (void *)&address, &size) < 0) fail("getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

/* A native frame as Longline's: a length, then bytes; here of nothing that anybody could decode. */
static int frame(uint8_t *at, int payload) {
    int size = 0;
    for (unsigned rest = payload;; rest >>= 7) {
        at[size++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80;
        if (rest < 0x80) break;
    }
    memset(at + size, 'x', payload);
    return size + payload;
}

static void send_all(int *fds, int count, const uint8_t *bytes, int length, long rounds, int merged) {
    long deliveries = 0, again = 0;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long round = 0; round < rounds; round++) {
        for (int i = 0; i < count; i++) {
            int sent = 0;
            while (sent < length) {
                ssize_t n = send(fds[i], bytes + sent, length - sent, MSG_NOSIGNAL);
                if (n > 0) {
                    sent += n;
                } else if (n < 0 && errno == EAGAIN) {
                    again++;
                    usleep(200);
                } else {
                    fail("send");
                }
            }
            deliveries += merged;
        }
    }
    printf("deliveries %ld wall_s %.6f cpu_s %.6f again %ld\n", deliveries, seconds(CLOCK_MONOTONIC) - wall,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, again);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "floor CONNECTIONS PAYLOAD_BYTES\n");
        return 2;
    }
    int count = atoi(argv[1]), payload = atoi(argv[2]), port, on = 1;
    int *fds = calloc(count, sizeof *fds);
    int listener = listening(&port);
    printf("port %d\n", port);
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        fds[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fds[i] < 0) fail("accept");
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        long rounds;
        int merged;
        if (sscanf(line, "send %ld %d", &rounds, &merged) == 2) {
            uint8_t *bytes = malloc((size_t)merged * (payload + 5));
            int length = 0;
            for (int i = 0; i < merged; i++) length += frame(bytes + length, payload);
            send_all(fds, count, bytes, length, rounds, merged);
            free(bytes);
        }
    }
    return 0;
}
