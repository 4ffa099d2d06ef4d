// SPDX-License-Identifier: GPL-2.0-only
/*
 * A terminal that is drawn on as a whole. It knows nothing of what is drawn.
 */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SCREEN_CLEAR	"\033[H\033[J"
#define SCREEN_ENTER	"\033[?1049h\033[?25l"
#define SCREEN_LEAVE	"\033[?25h\033[?1049l"

static volatile sig_atomic_t screen_ended, screen_stopped;

static void screen_on_end(int sig)
{
	(void)sig;
	screen_ended = 1;
}

static void screen_on_stop(int sig)
{
	(void)sig;
	screen_stopped = 1;
}

static void screen_handle(int sig, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(sig, &action, NULL);
}

static void screen_get_size(struct screen *screen)
{
	struct winsize size;

	screen->rows = 24;
	screen->columns = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ||
	    !size.ws_row)
		return;
	screen->rows = size.ws_row;
	screen->columns = size.ws_col;
}

static int screen_take(struct screen *screen)
{
	struct termios raw = screen->saved;

	raw.c_lflag &= ~(ICANON | ECHO);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return -errno;
	printf("%s", SCREEN_ENTER);
	return 0;
}

static void screen_give(const struct screen *screen)
{
	printf("%s", SCREEN_LEAVE);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &screen->saved);
}

void screen_enter(struct screen *screen, bool wanted)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	screen->on = wanted && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
		     !tcgetattr(STDIN_FILENO, &screen->saved);
	if (screen->on)
		sigaddset(&ends, SIGTSTP);
	sigprocmask(SIG_BLOCK, &ends, &screen->before);
	screen_handle(SIGINT, screen_on_end);
	screen_handle(SIGTERM, screen_on_end);
	screen_handle(SIGHUP, screen_on_end);
	if (!screen->on)
		return;
	screen_handle(SIGTSTP, screen_on_stop);
	if (screen_take(screen))
		screen->on = false;
}

void screen_leave(struct screen *screen)
{
	if (screen->on)
		screen_give(screen);
	screen->on = false;
}

void screen_clear(struct screen *screen)
{
	if (!screen->on)
		return;
	screen_get_size(screen);
	printf("%s", SCREEN_CLEAR);
}

/* Stops as if nobody had asked to be told */
static void screen_stop(struct screen *screen)
{
	sigset_t before;

	screen_stopped = 0;
	screen_give(screen);
	screen_handle(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	/* It is blocked: here it comes, and the program stops */
	sigprocmask(SIG_SETMASK, &screen->before, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	screen_handle(SIGTSTP, screen_on_stop);
	screen_take(screen);
}

/* A key that was pressed: true for one that leaves */
static bool screen_key(void)
{
	char key;

	return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
}

bool screen_wait(struct screen *screen, unsigned int seconds)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec now, end, left;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	while (!screen_ended) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = end.tv_sec - now.tv_sec;
		left.tv_nsec = end.tv_nsec - now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_nsec += 1000000000L;
			left.tv_sec--;
		}
		if (left.tv_sec < 0)
			return false;
		/* A closed standard input would be readable all the time */
		if (ppoll(&in, screen->on ? 1 : 0, &left, &screen->before) > 0 &&
		    screen_key())
			return true;
		if (screen_stopped) {
			screen_stop(screen);
			return screen_ended;
		}
	}
	return true;
}
