/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * agent.h - runs one command in a virtual machine of the test bed and carries
 * its input, its output, the kernel log and its exit status over a port.
 * Knows nothing of mounts or devices: that is init.c's part.
 */
#ifndef IDXD_SF_VM_AGENT_H
#define IDXD_SF_VM_AGENT_H

#define AGENT_WORDS_MAX 1024

/**
 * struct agent_job - the command to run
 * @port: descriptor of the virtio-serial port, frames of frame.h in both ways
 * @cwd: directory to run in
 * @tty: run on a pseudo terminal, standard error merged into standard output
 * @nr_args: words in @args
 * @args: the command, NULL-terminated
 * @nr_env: strings in @env
 * @env: its whole environment, NULL-terminated
 */
struct agent_job {
	int port;
	const char *cwd;
	int tty;
	int nr_args;
	char *args[AGENT_WORDS_MAX + 1];
	int nr_env;
	char *env[AGENT_WORDS_MAX + 1];
};

/**
 * agent_job_set() - take one configuration record into a job
 * @job: job to change
 * @key: "arg", "env", "cwd" or "tty"
 * @value: kept, not copied
 *
 * Return: 0, or -1 for an unknown key or too many words.
 */
int agent_job_set(struct agent_job *job, const char *key, char *value);

/**
 * agent_run() - run the command and report until the host switches off
 * @job: what to run
 *
 * Reaps every orphan meanwhile, as the first process must if it is that.
 * Returns only when the port fails.
 */
void agent_run(struct agent_job *job);

#endif /* IDXD_SF_VM_AGENT_H */
