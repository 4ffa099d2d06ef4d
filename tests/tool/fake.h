/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A make-believe kernel for tests of idxd-sf: what our driver does on devlink,
 * kept as a text file and a tree below the directory $IDXD_SF_FAKE, which is
 * given to idxd-sf as --root too. It includes nothing of the driver.
 */
#ifndef TESTS_TOOL_FAKE_H
#define TESTS_TOOL_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#define FAKE_MAX_DEVS	16
#define FAKE_MAX_PORTS	256
#define FAKE_QUEUES	8
#define FAKE_ENTRIES	128U
#define FAKE_ID		0x11fb
#define FAKE_ID_OLD	0x0b25

/**
 * struct fake_port - a port
 * @dev: PCI address
 * @index: its number
 * @sfnum: the user's number
 * @active: its state
 * @id: of its auxiliary device, while it is active
 * @vectors: max_io_eqs
 * @priority: tx_priority
 * @entries: size of its work queue, while it is active
 * @shown: PCI device id it shows, while it is active
 * @detached: it has no driver: there is a file detached.SFNUM
 */
struct fake_port {
	char dev[32];
	uint32_t index, sfnum, active, id, vectors, priority, entries, shown;
	uint32_t detached;
};

/**
 * struct fake - the machine
 * @dir: where it is
 * @devs: PCI addresses
 * @nr_devs: how many
 * @wq_entries: parameter sf_wq_entries of each
 * @device_id: parameter sf_pci_device_id of each
 * @ports: the ports
 * @nr_ports: how many
 */
struct fake {
	const char *dir;
	char devs[FAKE_MAX_DEVS][32];
	unsigned int nr_devs;
	uint32_t wq_entries[FAKE_MAX_DEVS];
	uint32_t device_id[FAKE_MAX_DEVS];
	struct fake_port ports[FAKE_MAX_PORTS];
	unsigned int nr_ports;
};

/* Reads the machine; writes it back */
void fake_load(struct fake *fake);
void fake_save(const struct fake *fake);

/* What the driver does: an error number, and a sentence or an empty one */
int fake_add(struct fake *fake, const char *dev, const uint32_t *sfnum,
	     struct fake_port **port, char *text);
int fake_del(struct fake *fake, struct fake_port *port, char *text);
int fake_set_state(struct fake *fake, struct fake_port *port, bool active,
		   char *text);
int fake_set_vectors(struct fake_port *port, uint32_t vectors, char *text);
int fake_set_priority(struct fake *fake, struct fake_port *port,
		      uint32_t priority, char *text);
int fake_set_param(struct fake *fake, const char *dev, uint32_t value,
		   char *text);
int fake_set_id(struct fake *fake, const char *dev, const char *value,
		char *text);

/* Is this the bad moment; does it come once more */
bool fake_fault_is(const char *what);
bool fake_fault_hits(const char *what);

/* The first part, or the rest, of what the reporter of a port tells */
struct nlmsghdr;
void fake_put_diagnosis(struct nlmsghdr *nlh, const struct fake_port *p,
			bool rest);

/**
 * struct fake_param - a parameter
 * @bus: bus of its device
 * @dev: its device there
 * @name: its name
 * @number: its value, if it has no text
 * @text: its value, or NULL
 */
struct fake_param {
	const char *bus, *dev, *name;
	uint32_t number;
	const char *text;
};

void fake_put_param(struct nlmsghdr *nlh, const struct fake_param *param);

struct fake_port *fake_find(struct fake *fake, const char *dev, uint32_t index);
int fake_find_dev(const struct fake *fake, const char *dev);
unsigned int fake_leased(const struct fake *fake, const char *dev);

#endif /* TESTS_TOOL_FAKE_H */
