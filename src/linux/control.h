/*
 * The control socket: who may talk to the daemon, and what happens to them.
 *
 * A Unix stream socket, one JSON object a line both ways. Many clients; none can
 * hold up the daemon: nothing here waits, what a client has not read is kept up to a
 * bound, and beyond it the client is dropped and counted. What a client sends is
 * read a bounded part at a time, lines are bounded, and bytes a second too. Its
 * descriptors hide behind one epoll descriptor, which the daemon's loop watches.
 *
 * Streams are written out in control_round, before the loop waits, so that lamps and
 * rows always come first. What the commands do is the daemon's business: `request`.
 */
#ifndef STRETCH_LINUX_CONTROL_H
#define STRETCH_LINUX_CONTROL_H

#include <sys/un.h>

#include "linux/control_request.h"

#define CONTROL_CLIENTS 16
#define CONTROL_LINE_MAX 1024    /* bytes of a request with its newline */
#define CONTROL_OUT_MAX 65536    /* bytes that wait for one client */
#define CONTROL_SEND_BUFFER 16384 /* and in the kernel, about twice */
#define CONTROL_READ_PER_S 32768 /* bytes; what is beyond waits for the next second */

enum control_stream { CONTROL_ROWS = 1, CONTROL_SAMPLES = 2 }; /* bits */

struct control_client {
	int fd; /* -1: free */
	unsigned streams;
	bool slow;      /* could not keep up: to be dropped */
	bool ended;     /* sends nothing more, may still read */
	bool skipping;  /* the rest of a line that was too long */
	unsigned events; /* of epoll, as they are set */
	size_t read_left; /* of this second */
	size_t in_used;
	char in[CONTROL_LINE_MAX];
	size_t out_from, out_used;
	char out[CONTROL_OUT_MAX];
};

struct control_counters {
	uint64_t clients;  /* that came */
	uint64_t refused;  /* came when all places were taken */
	uint64_t slow;     /* dropped: did not read what was sent */
	uint64_t lines;    /* requests read */
	uint64_t mistakes; /* of them refused */
	uint64_t throttled; /* times that a client had to wait for the next second */
};

struct control {
	int listen_fd, epoll_fd;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* "": no socket */
	int64_t second_us; /* when the reading allowance began */
	/* A good request; the answer is given with control_answer or control_refuse. */
	void (*request)(void *context, struct control *control,
		struct control_client *from, const struct control_request *request);
	void *context;
	struct control_counters counters;
	struct control_client client[CONTROL_CLIENTS];
};

/* Nobody can connect yet. 0 or -errno. */
int control_init(struct control *control);

/*
 * Listens at path with rights 0660. A socket that nobody listens at any more is
 * replaced. 0, -EADDRINUSE when another program listens, -EINVAL for a path that is
 * too long or is no socket, another -errno; problem says what to do.
 */
int control_listen(struct control *control, const char *path, struct problem *problem);

/* Takes a connected descriptor as a client: 0, -EBUSY (all places taken; closed). */
int control_adopt(struct control *control, int fd);

/* What the loop watches; call control_serve when it is readable. */
int control_fd(const struct control *control);
void control_serve(void *control);

/* At the end of each round: writes what waits, lets throttled clients go on. */
void control_round(struct control *control, int64_t now_us);

/* One line, newline included, to every client of the stream. Never waits. */
void control_stream(struct control *control, enum control_stream stream,
	const char *line, size_t length);

/* Does anybody want it? */
bool control_wanted(const struct control *control, enum control_stream stream);

/* {"class":"answer","cmd":...,"id":...} with the members of more, which is released;
 * NULL: none. */
void control_answer(struct control *control, struct control_client *to,
	const struct control_request *request, json_t *more);

/* {"class":"error",...,"message":...} */
void control_refuse(struct control *control, struct control_client *to,
	const struct control_request *request, const char *message);

/* {"clients_now":..., and every counter} */
json_t *control_json(const struct control *control);

/* Says good-bye to all, removes the socket. */
void control_close(struct control *control);

#endif
