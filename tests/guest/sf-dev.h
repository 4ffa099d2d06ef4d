/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-dev: drives the virtual DSA of a subfunction (SF) to its limits, as a
 * hostile or careless driver of a guest would, and checks that it behaves as
 * hardware does. What its files share; sf-copy's files do VFIO and the rest.
 */
#ifndef SF_DEV_H
#define SF_DEV_H

#include "sf-copy.h"

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#define CMDSTS_ACTIVE		(1u << 31)
#define INTCAUSE_SWERR		(1u << 0)
#define INTCAUSE_CMD		(1u << 1)
#define INTCAUSE_EVL		(1u << 5)

/* An operation no DSA has: with no completion record it is a software error */
#define BAD_OPCODE		0x3f
#define ERR_BAD_OPCODE		0x10

/**
 * struct step - one thing that is tried
 * @name: on the command line
 * @run: with the SF open, reset and nothing enabled. True if all was right
 */
struct step {
	const char *name;
	bool (*run)(struct sf *sf);
};

extern const struct step pci_steps[];
extern const struct step bar0_steps[];
extern const struct step cmd_steps[];
extern const struct step irq_steps[];
extern const struct step reset_steps[];
extern const struct step evl_steps[];
extern const struct step attack_steps[];
extern const struct step portal_steps[];
extern const struct step sweep_steps[];
extern const struct step dma_steps[];
extern const struct step watch_steps[];
extern const struct step info_steps[];
extern const struct step map_steps[];
extern const struct step error_steps[];
extern const struct step guest_steps[];
extern const struct step handle_steps[];
extern const struct step matrix_steps[];

/* sf-dev.c */
uint64_t dev_config_read(struct sf *sf, uint32_t off, unsigned int len);
void dev_config_write(struct sf *sf, uint32_t off, uint64_t val,
		      unsigned int len);
unsigned int dev_capability(struct sf *sf, uint8_t id);
void dev_reset(struct sf *sf);
bool dev_expect(const char *what, uint64_t want, uint64_t got);
bool dev_command(struct sf *sf, uint32_t code, uint32_t operand, uint8_t err);
bool dev_copies(struct sf *sf);
void dev_bad_desc(struct sf *sf);
uint64_t dev_drain_events(struct sf *sf, unsigned int vector);

/* sf-dev-evl.c */
void dev_start(struct sf *sf, uint64_t iova, unsigned int size);

#endif /* SF_DEV_H */
