// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent.c - runs one command inside a virtual machine of the test bed and
 * carries its streams over the port (agent.h).  One process, one poll loop;
 * the host reads the port as fast as its own reader allows, so a slow reader
 * outside slows the command down instead of losing its output.
 */
#define _GNU_SOURCE
#include "agent.h"
#include "frame.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { PORT, OUT, ERR, KMSG, CHILD, INPUT, NR_FDS };

struct agent {
	struct agent_job *job;
	struct pollfd fds[NR_FDS];
	int input;		/* COMMAND's standard input, or -1 */
	char pending[FRAME_MAX];	/* input COMMAND has not taken yet */
	size_t pending_start, pending_end;
	pid_t pid;
	int status;		/* exit status once @exited */
	int exited;
};

int agent_job_set(struct agent_job *job, const char *key, char *value)
{
	if (!strcmp(key, "cwd")) {
		job->cwd = value;
	} else if (!strcmp(key, "tty")) {
		job->tty = atoi(value);
	} else if (!strcmp(key, "arg")) {
		if (job->nr_args == AGENT_WORDS_MAX)
			return -1;
		job->args[job->nr_args++] = value;
	} else if (!strcmp(key, "env")) {
		if (job->nr_env == AGENT_WORDS_MAX)
			return -1;
		job->env[job->nr_env++] = value;
	} else {
		return -1;
	}
	return 0;
}

static void send_text(struct agent *agent, enum frame_type type,
		      const char *text)
{
	frame_send(agent->job->port, type, text, strlen(text));
}

/* In the child: become COMMAND.  @fd is {stdin, stdout, stderr}. */
static void __attribute__((noreturn))
become_command(struct agent_job *job, const int *fd)
{
	sigset_t none;
	int i, error;

	setsid();
	for (i = 0; i < 3; i++)
		dup2(fd[i], i);
	if (job->tty)
		ioctl(0, TIOCSCTTY, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	environ = job->env;
	if (chdir(job->cwd)) {
		dprintf(2, "vm: %s: %s\n", job->cwd, strerror(errno));
		_exit(126);
	}
	execvp(job->args[0], job->args);
	error = errno;
	dprintf(2, "vm: %s: %s\n", job->args[0], strerror(error));
	_exit(error == ENOENT ? 127 : 126);
}

/*
 * Make COMMAND's three descriptors in @fd and our ends of them.  All are above
 * 2, as our own three are open.
 */
static int make_streams(struct agent *agent, int *fd)
{
	int in[2], out[2], err[2];

	if (agent->job->tty) {
		int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
		char *name;

		if (master < 0 || grantpt(master) || unlockpt(master))
			return -1;
		name = ptsname(master);
		fd[0] = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
		fd[1] = fd[0];
		fd[2] = fd[0];
		agent->fds[OUT].fd = master;
		agent->fds[ERR].fd = -1;
		agent->input = master;
		return fd[0] < 0 ? -1 : 0;
	}
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		return -1;
	fd[0] = in[0];
	fd[1] = out[1];
	fd[2] = err[1];
	agent->input = in[1];
	agent->fds[OUT].fd = out[0];
	agent->fds[ERR].fd = err[0];
	return 0;
}

static int start(struct agent *agent)
{
	int fd[3] = { -1, -1, -1 };

	if (make_streams(agent, fd))
		return -1;
	agent->pid = fork();
	if (agent->pid < 0)
		return -1;
	if (!agent->pid)
		become_command(agent->job, fd);
	close(fd[0]);
	if (fd[1] != fd[0]) {
		close(fd[1]);
		close(fd[2]);
	}
	fcntl(agent->fds[OUT].fd, F_SETFL, O_NONBLOCK);
	fcntl(agent->input, F_SETFL, O_NONBLOCK);
	if (agent->fds[ERR].fd >= 0)
		fcntl(agent->fds[ERR].fd, F_SETFL, O_NONBLOCK);
	return frame_send(agent->job->port, FRAME_STARTED, NULL, 0);
}

/* Forward what a stream holds now.  Returns the bytes moved, 0 for none. */
static ssize_t forward(struct agent *agent, int which, enum frame_type type)
{
	char data[FRAME_MAX];
	ssize_t n = read(agent->fds[which].fd, data, sizeof(data));

	if (n > 0)
		frame_send(agent->job->port, type, data, (size_t)n);
	else if (!n || (errno != EAGAIN && errno != EINTR))
		agent->fds[which].fd = -1;	/* closed, or the pty hung up */
	return n > 0 ? n : 0;
}

/*
 * A record of /dev/kmsg is "level,sequence,microseconds,flags;text", with
 * lines that begin with a space (device properties) after it.
 * Returns 0 when there is nothing more.
 */
static int forward_kmsg(struct agent *agent)
{
	char record[8192], line[8300];
	unsigned long long usec;
	char *text, *end;
	ssize_t n;

	n = read(agent->fds[KMSG].fd, record, sizeof(record) - 1);
	if (n < 0)
		return errno == EPIPE || errno == EINTR;
	record[n] = '\0';
	text = strchr(record, ';');
	if (!text)
		return 1;
	*text++ = '\0';
	if (sscanf(record, "%*u,%*u,%llu", &usec) != 1)
		usec = 0;
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	snprintf(line, sizeof(line), "[%5llu.%06llu] %s\n", usec / 1000000,
		 usec % 1000000, text);
	send_text(agent, FRAME_KMSG, line);
	return 1;
}

static void reap(struct agent *agent)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(agent->fds[CHILD].fd, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != agent->pid)
			continue;
		agent->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
						      WEXITSTATUS(status);
		agent->exited = 1;
	}
}

/* A command that no longer reads gives EPIPE: not our trouble. */
static void push_input(struct agent *agent)
{
	size_t size = agent->pending_end - agent->pending_start;
	ssize_t n = 0;

	if (agent->input >= 0 && size)
		n = write(agent->input, agent->pending + agent->pending_start,
			  size);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || agent->input < 0)
		n = (ssize_t)size;
	agent->pending_start += (size_t)n;
}

static int input_pending(const struct agent *agent)
{
	return agent->pending_start < agent->pending_end;
}

/* Called only while no input is pending: more would have no place. */
static int handle_frame(struct agent *agent)
{
	struct frame_header header;
	char *data = agent->pending;

	if (frame_read_all(agent->job->port, &header, sizeof(header)) ||
	    header.size > sizeof(agent->pending) ||
	    frame_read_all(agent->job->port, data, header.size))
		return -1;
	if (header.type == FRAME_STDIN && agent->input >= 0) {
		agent->pending_start = 0;
		agent->pending_end = header.size;
		push_input(agent);
	} else if (header.type == FRAME_STDIN_EOF && agent->input >= 0 &&
		   !agent->job->tty) {
		close(agent->input);
		agent->input = -1;
	} else if (header.type == FRAME_WINSIZE && agent->job->tty) {
		struct winsize size = { 0 };

		memcpy(&size.ws_row, data, 2);
		memcpy(&size.ws_col, data + 2, 2);
		ioctl(agent->input, TIOCSWINSZ, &size);
	}
	return 0;
}

/*
 * COMMAND is gone.  What it wrote is still in the pipes; descendants that hold
 * them open are not waited for.
 */
static void finish(struct agent *agent)
{
	uint32_t status = (uint32_t)agent->status;

	while (agent->fds[OUT].fd >= 0 && forward(agent, OUT, FRAME_STDOUT))
		;
	while (agent->fds[ERR].fd >= 0 && forward(agent, ERR, FRAME_STDERR))
		;
	sync();
	while (agent->fds[KMSG].fd >= 0 && forward_kmsg(agent))
		;
	frame_send(agent->job->port, FRAME_EXIT, &status, sizeof(status));
}

static void prepare(struct agent *agent)
{
	sigset_t child;
	int i;

	for (i = 0; i < NR_FDS; i++)
		agent->fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	agent->fds[CHILD].fd = signalfd(-1, &child,
					SFD_CLOEXEC | SFD_NONBLOCK);
	agent->fds[KMSG].fd = open("/dev/kmsg",
				   O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	agent->fds[INPUT].events = POLLOUT;
}

void agent_run(struct agent_job *job)
{
	static struct agent agent;

	agent.job = job;
	agent.input = -1;
	prepare(&agent);
	if (!job->nr_args || start(&agent)) {
		send_text(&agent, FRAME_FAILED, "cannot start the command");
		return;
	}
	for (;;) {
		int wait = input_pending(&agent);

		agent.fds[INPUT].fd = wait ? agent.input : -1;
		agent.fds[PORT].fd = wait ? -1 : job->port;
		if (poll(agent.fds, NR_FDS, -1) < 0 && errno != EINTR)
			return;
		if (agent.fds[OUT].revents)
			forward(&agent, OUT, FRAME_STDOUT);
		if (agent.fds[ERR].revents)
			forward(&agent, ERR, FRAME_STDERR);
		if (agent.fds[KMSG].revents)
			forward_kmsg(&agent);
		if (agent.fds[CHILD].revents)
			reap(&agent);
		if (agent.exited == 1) {
			finish(&agent);
			agent.exited = 2;
		}
		if (agent.fds[INPUT].revents)
			push_input(&agent);
		if (agent.fds[PORT].revents && handle_frame(&agent))
			return;
	}
}
