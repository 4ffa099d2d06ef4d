// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmrun.c - runs QEMU and talks to the agent in its guest: hands over the
 * configuration, passes the command's streams on, and exits with its status.
 * Used by tests/vm/run (outside) and tests/vm/guest (in L1); both decide what
 * QEMU's arguments and the configuration are.  Knows no kernel and no device.
 *
 *   vmrun [--config FILE] [--upload FILE] [--kmsg FILE] [--timeout SECONDS]
 *         [--stdin] [--tty] [--verbose] [--qemu-log FILE]
 *         [--save URI | --restored] -- QEMU ARGUMENT..
 *
 * --save migrates the machine to URI when its agent asks for the
 * configuration, and ends; a QEMU that was started with that state coming in
 * wants --restored.  A machine that reboots asks again, and its command runs
 * anew, with the number of its life in VM_BOOT.
 *
 * QEMU inherits descriptor 10 (the agent's port), the connected pair 11, 12
 * (for a port of the guest that is wired to a QMP monitor) and 13 (a monitor
 * through which we tell it to quit).
 * Exit status: the command's, or 124 out of time, 125 the machine failed,
 * 128 + n when signal n ended us.  QEMU never outlives this process.
 */
#define _GNU_SOURCE
#include "frame.h"
#include "monitor.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#define AGENT_FD 10
#define NR_QEMU_FDS 4
#define KILL_AFTER_MS 3000
#define STATUS_TIMEOUT 124
#define STATUS_FAILED 125

enum { AGENT, SIGNAL, STDIN, NR_FDS };

struct run {
	const char *config, *upload, *save;	/* files and a URI, or NULL */
	int restored;
	int boots;		/* configurations handed out */
	int kmsg;		/* descriptor, or -1 */
	int qemu_log;		/* where QEMU's own messages go */
	int timeout_s;
	int use_stdin, use_tty, verbose;
	struct pollfd fds[NR_FDS];
	long long start_ms;
	pid_t qemu;
	int monitor;
	int status;		/* the result, or -1 while there is none */
	int raw;		/* the terminal is in raw mode */
	struct termios saved;
};

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void __attribute__((format(printf, 2, 3)))
say(struct run *run, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "vm: %s%s\n", text, run->raw ? "\r" : "");
}

static void usage(void)
{
	fputs("vmrun: wrong arguments; they are listed where its source begins\n",
	      stderr);
	exit(STATUS_FAILED);
}

static void parse(struct run *run, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "upload", required_argument, NULL, 'u' },
		{ "save", required_argument, NULL, 's' },
		{ "restored", no_argument, NULL, 'r' },
		{ "kmsg", required_argument, NULL, 'k' },
		{ "qemu-log", required_argument, NULL, 'l' },
		{ "timeout", required_argument, NULL, 't' },
		{ "stdin", no_argument, NULL, 'i' },
		{ "tty", no_argument, NULL, 'y' },
		{ "verbose", no_argument, NULL, 'v' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			run->config = optarg;
			break;
		case 'u':
			run->upload = optarg;
			break;
		case 's':
			run->save = optarg;
			break;
		case 'r':
			run->restored = 1;
			break;
		case 'k':
			run->kmsg = open(optarg, O_WRONLY | O_CREAT | O_APPEND |
					 O_CLOEXEC, 0644);
			break;
		case 'l':
			run->qemu_log = open(optarg, O_WRONLY | O_CREAT |
					     O_APPEND | O_CLOEXEC, 0644);
			break;
		case 't':
			run->timeout_s = atoi(optarg);
			break;
		case 'i':
			run->use_stdin = 1;
			break;
		case 'y':
			run->use_stdin = 1;
			run->use_tty = 1;
			break;
		case 'v':
			run->verbose = 1;
			break;
		default:
			usage();
		}
	}
	if (optind == argc)
		usage();
}

/* In the child: take the descriptors to their numbers and become QEMU. */
static void __attribute__((noreturn))
become_qemu(struct run *run, char **argv, int *from, pid_t parent)
{
	sigset_t none;
	int i, null;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_FAILED);
	/* A terminal's ^C is for the command, or for us, never for QEMU. */
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	/* Out of the way first: a source may already have a wanted number. */
	for (i = 0; i < NR_QEMU_FDS; i++)
		from[i] = fcntl(from[i], F_DUPFD, 20);
	for (i = 0; i < NR_QEMU_FDS; i++) {
		dup2(from[i], AGENT_FD + i);
		close(from[i]);
	}
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, 0);
	/* What QEMU prints is a message, and not COMMAND's. */
	dup2(run->qemu_log, 2);
	dup2(2, 1);
	execvp(argv[0], argv);
	dprintf(2, "vm: %s: %s\n", argv[0], strerror(errno));
	_exit(STATUS_FAILED);
}

static int launch(struct run *run, char **argv)
{
	pid_t parent = getpid();
	const struct timeval patience = { .tv_sec = 30 };
	int agent[2], qmp[2], monitor[2], from[NR_QEMU_FDS], i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, agent) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qmp) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, monitor))
		return -1;
	/* A guest that dies inside a frame must not hold us. */
	setsockopt(agent[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	from[0] = agent[1];
	from[1] = qmp[0];
	from[2] = qmp[1];
	from[3] = monitor[1];
	run->qemu = fork();
	if (run->qemu < 0)
		return -1;
	if (!run->qemu)
		become_qemu(run, argv, from, parent);
	for (i = 0; i < NR_QEMU_FDS; i++)
		close(from[i]);
	run->fds[AGENT].fd = agent[0];
	run->monitor = monitor[0];
	return 0;
}

static void send_winsize(struct run *run)
{
	struct winsize size;
	uint16_t payload[2];

	if (!run->use_tty || ioctl(0, TIOCGWINSZ, &size))
		return;
	payload[0] = size.ws_row;
	payload[1] = size.ws_col;
	frame_send(run->fds[AGENT].fd, FRAME_WINSIZE, payload, sizeof(payload));
}

static void make_raw(struct run *run)
{
	struct termios raw;

	if (!run->use_tty || tcgetattr(0, &run->saved))
		return;
	raw = run->saved;
	cfmakeraw(&raw);
	tcsetattr(0, TCSANOW, &raw);
	run->raw = 1;
}

static void send_upload(struct run *run)
{
	char data[FRAME_MAX];
	ssize_t n = 0;
	int fd;

	if (!run->upload)
		return;
	fd = open(run->upload, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, data, sizeof(data))) > 0)
		frame_send(run->fds[AGENT].fd, FRAME_UPLOAD, data, (size_t)n);
	if (fd < 0 || n < 0) {
		say(run, "cannot read %s", run->upload);
		run->status = STATUS_FAILED;
	}
	if (fd >= 0)
		close(fd);
}

static void send_config(struct run *run)
{
	char *text = NULL, boot[32];
	struct stat st;
	int fd = -1, extra = 1 + sprintf(boot, "env=VM_BOOT=%d", ++run->boots);

	if (run->config)
		fd = open(run->config, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st))
		text = malloc((size_t)st.st_size + sizeof(boot));
	if (!text || frame_read_all(fd, text, (size_t)st.st_size)) {
		say(run, "cannot read the configuration");
		run->status = STATUS_FAILED;
	} else {
		memcpy(text + st.st_size, boot, (size_t)extra);
		frame_send(run->fds[AGENT].fd, FRAME_CONFIG, text,
			   (size_t)(st.st_size + extra));
	}
	free(text);
	if (fd >= 0)
		close(fd);
}

/* The guest waits for its configuration: the moment to keep it. */
static void save_machine(struct run *run)
{
	run->status = monitor_save(run->monitor, run->save) ? STATUS_FAILED : 0;
	if (run->status)
		say(run, "cannot save the machine");
}

static void handle_hello(struct run *run)
{
	if (run->save) {
		save_machine(run);
		return;
	}
	send_upload(run);
	send_config(run);
}

static void command_started(struct run *run)
{
	if (run->verbose)
		say(run, "command started after %.1f s",
		    (double)(now_ms() - run->start_ms) / 1000);
	if (run->use_stdin) {
		run->fds[STDIN].fd = 0;
		make_raw(run);
		send_winsize(run);
	} else {
		frame_send(run->fds[AGENT].fd, FRAME_STDIN_EOF, NULL, 0);
	}
}

/* An output that is closed or full ends the run, as SIGPIPE would. */
static void write_out(struct run *run, int fd, const char *data, size_t size)
{
	if (frame_write_all(fd, data, size))
		run->status = 128 + SIGPIPE;
}

static void handle_frame(struct run *run)
{
	struct frame_header header;
	char data[FRAME_MAX + 1];
	uint32_t status;

	if (frame_read_all(run->fds[AGENT].fd, &header, sizeof(header)) ||
	    header.size > FRAME_MAX ||
	    frame_read_all(run->fds[AGENT].fd, data, header.size)) {
		/* QEMU closed the port: SIGCHLD tells the rest. */
		run->fds[AGENT].fd = -1;
		return;
	}
	data[header.size] = '\0';
	switch (header.type) {
	case FRAME_HELLO:
		handle_hello(run);
		break;
	case FRAME_STARTED:
		command_started(run);
		break;
	case FRAME_STDOUT:
		write_out(run, 1, data, header.size);
		break;
	case FRAME_STDERR:
		write_out(run, 2, data, header.size);
		break;
	case FRAME_KMSG:
		if (run->kmsg >= 0)
			frame_write_all(run->kmsg, data, header.size);
		break;
	case FRAME_EXIT:
		memcpy(&status, data, sizeof(status));
		run->status = (int)(status & 0xff);
		break;
	case FRAME_FAILED:
		say(run, "machine not set up: %s", data);
		run->status = STATUS_FAILED;
		break;
	default:
		say(run, "unknown frame type %u", header.type);
		run->status = STATUS_FAILED;
	}
}

static void handle_stdin(struct run *run)
{
	char data[FRAME_MAX];
	ssize_t n = read(0, data, sizeof(data));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		frame_send(run->fds[AGENT].fd, FRAME_STDIN, data, (size_t)n);
		return;
	}
	frame_send(run->fds[AGENT].fd, FRAME_STDIN_EOF, NULL, 0);
	run->fds[STDIN].fd = -1;
}

static void qemu_ended(struct run *run)
{
	int status;

	if (waitpid(run->qemu, &status, WNOHANG) != run->qemu)
		return;
	run->qemu = 0;
	/* Its last frames may still be in the socket. */
	while (run->fds[AGENT].fd >= 0 && run->status < 0)
		handle_frame(run);
	if (run->status >= 0)
		return;
	run->status = STATUS_FAILED;
	if (WIFSIGNALED(status))
		say(run, "QEMU was killed by signal %d", WTERMSIG(status));
	else
		say(run, "the machine went down before its command ended (QEMU exit status %d)",
		    WEXITSTATUS(status));
}

static void handle_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->fds[SIGNAL].fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		qemu_ended(run);
	else if (info.ssi_signo == SIGWINCH)
		send_winsize(run);
	else
		run->status = 128 + (int)info.ssi_signo;
}

static void setup_signals(struct run *run)
{
	static const int signals[] = {
		SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, 0
	};
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; signals[i]; i++) {
		/* A shell's background job ignores SIGINT: not we. */
		signal(signals[i], SIG_DFL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	run->fds[SIGNAL].fd = signalfd(-1, &set, SFD_CLOEXEC);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void stop_qemu(struct run *run)
{
	int waited;

	if (run->qemu <= 0)
		return;
	if (monitor_quit(run->monitor))
		kill(run->qemu, SIGTERM);
	for (waited = 0; waited < KILL_AFTER_MS; waited += 10) {
		if (waitpid(run->qemu, NULL, WNOHANG) == run->qemu)
			return;
		usleep(10000);
	}
	kill(run->qemu, SIGKILL);
	waitpid(run->qemu, NULL, 0);
}

static void loop(struct run *run)
{
	long long end = run->start_ms + run->timeout_s * 1000LL;

	while (run->status < 0) {
		long long left = run->timeout_s ? end - now_ms() : -1;

		if (run->timeout_s && left <= 0) {
			say(run, "no end after %d seconds", run->timeout_s);
			run->status = STATUS_TIMEOUT;
			break;
		}
		if (poll(run->fds, NR_FDS, (int)left) < 0 && errno != EINTR)
			run->status = STATUS_FAILED;
		if (run->fds[AGENT].revents)
			handle_frame(run);
		if (run->fds[SIGNAL].revents)
			handle_signal(run);
		if (run->fds[STDIN].revents)
			handle_stdin(run);
	}
}

int main(int argc, char **argv)
{
	struct run run = { .kmsg = -1, .qemu_log = 2, .status = -1 };
	int i;

	for (i = 0; i < NR_FDS; i++)
		run.fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	parse(&run, argc, argv);
	setup_signals(&run);
	run.start_ms = now_ms();
	if (launch(&run, argv + optind)) {
		say(&run, "cannot start QEMU: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (run.restored)
		handle_hello(&run);
	loop(&run);
	if (run.raw)
		tcsetattr(0, TCSANOW, &run.saved);
	stop_qemu(&run);
	return run.status;
}
