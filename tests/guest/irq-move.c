// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq-move: moves interrupts between the CPUs, one after the other, every so
 * many milliseconds, until it is killed or an interrupt is gone; then prints
 * how often. A shell loop is too slow for that beside a busy device.
 *
 * usage: irq-move MILLISECONDS IRQ..
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static int move_to(const char *irq, long cpu)
{
	char path[128];
	FILE *f;
	int rc;

	snprintf(path, sizeof(path), "/proc/irq/%s/smp_affinity_list", irq);
	f = fopen(path, "w");
	if (!f)
		return -1;
	fprintf(f, "%ld\n", cpu);
	rc = fclose(f);
	return rc;
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = on_signal };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct timespec pause = { };
	unsigned long moves = 0;
	int i;

	if (argc < 3) {
		fputs("usage: irq-move MILLISECONDS IRQ..\n", stderr);
		return 2;
	}
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	pause.tv_nsec = atol(argv[1]) % 1000 * 1000000;
	pause.tv_sec = atol(argv[1]) / 1000;
	while (!stop) {
		for (i = 2; i < argc && !stop; i++, moves++)
			if (move_to(argv[i], moves % cpus))
				stop = 1;
		nanosleep(&pause, NULL);
	}
	printf("%lu\n", moves);
	return 0;
}
