/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A terminal that is drawn on as a whole, and given back as it was: at the end,
 * and while the program is stopped. Needs no more of it than ANSI's clearing.
 */
#ifndef IDXD_SF_SCREEN_H
#define IDXD_SF_SCREEN_H

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

/**
 * struct screen - the terminal
 * @on: there is one; otherwise only screen_wait() does something
 * @rows: its height, of the last screen_clear() or screen_enter()
 * @columns: its width
 * @saved: how it was
 * @before: signals that were blocked before; the ones that end or stop the
 *	program come in screen_wait() only
 */
struct screen {
	bool on;
	unsigned int rows, columns;
	struct termios saved;
	sigset_t before;
};

/**
 * screen_enter() - take the terminal, if there is one
 * @screen: filled
 * @wanted: false to take none
 */
void screen_enter(struct screen *screen, bool wanted);

/**
 * screen_leave() - give it back
 * @screen: the terminal
 */
void screen_leave(struct screen *screen);

/**
 * screen_clear() - begin a new picture
 * @screen: the terminal; its size is read anew
 */
void screen_clear(struct screen *screen);

/**
 * screen_wait() - wait for time to pass
 * @screen: the terminal
 * @seconds: how long
 *
 * Stopping the program (Ctrl-Z) gives the terminal back meanwhile.
 *
 * Return: true when it is time to leave: q was pressed, or a signal came.
 */
bool screen_wait(struct screen *screen, unsigned int seconds);

#endif /* IDXD_SF_SCREEN_H */
