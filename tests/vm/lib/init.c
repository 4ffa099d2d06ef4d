// SPDX-License-Identifier: GPL-2.0-only
/*
 * init.c - first process of a virtual machine of the test bed (L1 and L2).
 *
 * It lives in the initramfs, loads the modules that lie in /modules, fetches
 * its configuration over the virtio-serial port and obeys it record by record:
 * mounts, directories, root.  What to mount is decided outside (tests/vm/run,
 * tests/vm/guest); nothing about a particular machine belongs here.  Then the
 * agent (agent.c) runs the command, and where another init is wanted, that one is
 * the first process from then on.
 *
 * Configuration records, in order of execution, fields separated by a tab:
 *   mkdir=PATH                  with all parents
 *   mount=TYPE SRC PATH OPTIONS a file system; flag names "ro" and "bind" are
 *                               understood, the rest goes to the file system
 *   try=TYPE SRC PATH OPTIONS   the same, failure is no error
 *   link=TARGET PATH            a symbolic link
 *   write=PATH TEXT             write TEXT into a file that exists
 *   unpack=PATH                 unpack what was uploaded into PATH
 *   remove=PATH                 a file that need not exist
 *   root=PATH                   PATH becomes / ("move mount" and chroot)
 *   init=PATH                   a program that is to be the first process
 *   cwd=PATH  env=NAME=VALUE  tty=1  arg=WORD   the command, see agent.h
 */
#define _GNU_SOURCE
#include "agent.h"
#include "frame.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define PORT_WAIT_MS 10000
#define PORT_POLL_MS 5
#define UPLOAD "/upload.cpio"

static int port = -1;
static const char *init_path;

/* The machine is of no use: say so, to whoever listens, and power it off. */
static void __attribute__((noreturn, format(printf, 1, 2)))
give_up(const char *format, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len >= (int)sizeof(text))
		len = sizeof(text) - 1;
	dprintf(STDERR_FILENO, "init: %s\n", text);
	if (port >= 0) {
		frame_send(port, FRAME_FAILED, text, (size_t)len);
		usleep(500000);
	}
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void make_dirs(const char *path)
{
	char *copy = strdup(path), *p;

	if (!copy)
		give_up("mkdir %s: %s", path, strerror(errno));
	for (p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(copy, 0755);
		*p = '/';
	}
	if (mkdir(copy, 0755) && errno != EEXIST)
		give_up("mkdir %s: %s", path, strerror(errno));
	free(copy);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The file names begin with a number: dependencies come first. */
static void load_modules(void)
{
	struct dirent **list;
	int i, fd, count = scandir("/modules", &list, NULL, by_name);

	for (i = 0; i < count; i++) {
		char path[300];

		if (list[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/modules/%s", list[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		/* idxd says ENODEV where the CPU has no MOVDIR64B. */
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) &&
			       errno != ENODEV))
			give_up("module %s: %s", list[i]->d_name,
				strerror(errno));
		close(fd);
	}
}

/* Returns the descriptor of the port with our name, or -1. */
static int open_port_once(void)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int fd, result = -1;

	while (dir && result < 0 && (entry = readdir(dir))) {
		char path[300], name[64] = "";

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, name, sizeof(name) - 1) < 0)
			name[0] = '\0';
		close(fd);
		if (strncmp(name, FRAME_PORT_NAME "\n",
			    sizeof(FRAME_PORT_NAME)))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		result = open(path, O_RDWR | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return result;
}

/* The port is announced by the host some time after its bus was probed. */
static void open_port(void)
{
	int waited;

	for (waited = 0; waited < PORT_WAIT_MS; waited += PORT_POLL_MS) {
		port = open_port_once();
		if (port >= 0)
			return;
		usleep(PORT_POLL_MS * 1000);
	}
	give_up("no virtio-serial port named " FRAME_PORT_NAME);
}

static void receive_upload(size_t size)
{
	int fd = open(UPLOAD, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char *data = malloc(size);

	if (fd < 0 || !data || frame_read_all(port, data, size) ||
	    frame_write_all(fd, data, size))
		give_up("upload: %s", strerror(errno));
	free(data);
	close(fd);
}

/*
 * The wait for the first frame is where a machine may be saved and restored:
 * nothing may depend on who is at the other end before.
 */
static char *read_config(size_t *size)
{
	struct frame_header header;
	char *config;

	if (frame_send(port, FRAME_HELLO, NULL, 0))
		give_up("no host");
	for (;;) {
		if (frame_read_all(port, &header, sizeof(header)))
			give_up("no configuration");
		if (header.type != FRAME_UPLOAD)
			break;
		receive_upload(header.size);
	}
	if (header.type != FRAME_CONFIG)
		give_up("no configuration");
	config = calloc(1, header.size + 1);
	if (!config || frame_read_all(port, config, header.size))
		give_up("configuration cut short");
	*size = header.size;
	return config;
}

/* Split @text at its tabs into exactly @count fields. */
static int split(char *text, char **field, int count)
{
	int i;

	for (i = 0; i < count; i++)
		field[i] = strsep(&text, "\t");
	return field[count - 1] && !text ? 0 : -1;
}

static void do_mount(char *text, int must)
{
	char *field[4], *options, *option, rest[2048] = "";
	unsigned long flags = 0;

	if (split(text, field, 4))
		give_up("mount record has not four fields");
	options = field[3];
	while ((option = strsep(&options, ","))) {
		size_t len = strlen(rest);

		if (!strcmp(option, "ro"))
			flags |= MS_RDONLY;
		else if (!strcmp(option, "bind"))
			flags |= MS_BIND;
		else if (*option)
			snprintf(rest + len, sizeof(rest) - len, "%s%s",
				 len ? "," : "", option);
	}
	if (mount(field[1], field[2], field[0], flags, rest) && must)
		give_up("mount of %s (%s) on %s: %s", field[1], field[0],
			field[2], strerror(errno));
}

static void do_root(const char *path)
{
	if (chdir(path) || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		give_up("root %s: %s", path, strerror(errno));
}

static void do_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || frame_write_all(fd, text, strlen(text)))
		give_up("write %s: %s", path, strerror(errno));
	close(fd);
}

/* The system must have cpio in its path; an upload need not have come. */
static void do_unpack(const char *path)
{
	char command[512];

	if (access(UPLOAD, F_OK))
		return;
	snprintf(command, sizeof(command),
		 "cd '%s' && cpio -idu --quiet < " UPLOAD, path);
	if (system(command))
		give_up("cannot unpack the upload");
	unlink(UPLOAD);
}

/* Obey one record; what concerns the command goes to @job. */
static void do_record(char *record, struct agent_job *job)
{
	char *value = strchr(record, '='), *field[2];

	if (!value)
		give_up("record without a value: %s", record);
	*value++ = '\0';
	if (!strcmp(record, "mkdir")) {
		make_dirs(value);
	} else if (!strcmp(record, "mount")) {
		do_mount(value, 1);
	} else if (!strcmp(record, "try")) {
		do_mount(value, 0);
	} else if (!strcmp(record, "link")) {
		if (!split(value, field, 2) && symlink(field[0], field[1]) &&
		    errno != EEXIST)
			give_up("link %s: %s", field[1], strerror(errno));
	} else if (!strcmp(record, "write")) {
		if (!split(value, field, 2))
			do_write(field[0], field[1]);
	} else if (!strcmp(record, "unpack")) {
		do_unpack(value);
	} else if (!strcmp(record, "remove")) {
		unlink(value);
	} else if (!strcmp(record, "root")) {
		do_root(value);
	} else if (!strcmp(record, "init")) {
		init_path = strdup(value);
	} else if (agent_job_set(job, record, value)) {
		give_up("unknown record: %s", record);
	}
}

/* Programs expect 127.0.0.1 to answer and locked memory to be free of limits. */
static void set_surroundings(void)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct ifreq ifr = {
		.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING,
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (fd >= 0) {
		ioctl(fd, SIOCSIFFLAGS, &ifr);
		close(fd);
	}
}

/* The agent goes on as a child of the init that is wanted. */
static void hand_over(void)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork: %s", strerror(errno));
	if (!pid)
		return;
	execl(init_path, init_path, NULL);
	give_up("%s: %s", init_path, strerror(errno));
}

int main(void)
{
	struct agent_job job = { .cwd = "/" };
	char *config, *record;
	size_t size;

	/* The kernel may have mounted devtmpfs for us: then this is EBUSY. */
	make_dirs("/dev");
	make_dirs("/proc");
	make_dirs("/sys");
	setenv("PATH", "/sbin:/bin", 1);
	mount("devtmpfs", "/dev", "devtmpfs", 0, "");
	mount("proc", "/proc", "proc", 0, "");
	mount("sysfs", "/sys", "sysfs", 0, "");
	load_modules();
	open_port();
	config = read_config(&size);
	for (record = config; record < config + size;
	     record += strlen(record) + 1) {
		/* strlen() must see the whole record after it was split. */
		char *copy = strdup(record);

		if (!copy)
			give_up("%s: %s", record, strerror(errno));
		do_record(copy, &job);
	}
	set_surroundings();
	if (init_path)
		hand_over();
	job.port = port;
	agent_run(&job);
	for (;;)
		pause();
}
