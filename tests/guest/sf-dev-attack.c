// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: attacks with descriptors and commands: interrupt handles, PASIDs,
 * addresses and WQs that belong to another subfunction, to the host or to
 * nobody. Each has to fail where the hardware or the driver says so, and the
 * victim must not feel it.
 */
#include "sf-dev-watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#define SMALL			64
#define PATTERN			0xa7
#define MSI_WINDOW		0xfee00000ULL
#define MSI_WINDOW_SIZE		0x100000
#define ERR_UNKNOWN		0x01
#define ERR_BAD_WQ		0x02
#define ERR_RESERVED		0x04
#define ERR_INDEX		0x41
#define ERR_HANDLE		0x43

static uint8_t *src_of(struct sf *sf)
{
	return sf->arena + ARENA_SRC;
}

static uint8_t *dst_of(struct sf *sf)
{
	return sf->arena + ARENA_DST;
}

static bool all_bytes(const uint8_t *p, uint8_t val, size_t size)
{
	while (size--)
		if (*p++ != val)
			return false;
	return true;
}

static void move_desc(struct sf *sf, struct dsa_hw_desc *desc)
{
	sf_desc(sf, desc, DSA_OPCODE_MEMMOVE, 0);
	desc->src_addr = sf_iova(sf, src_of(sf));
	desc->dst_addr = sf_iova(sf, dst_of(sf));
	desc->xfer_size = SMALL;
}

/* A refused handle sends no interrupt: the record is polled for */
static uint8_t poll_record(struct sf *sf, unsigned int nr)
{
	uint64_t end = now_ms() + sf->opt->timeout_ms;

	while (!sf_record(sf, nr)->status && now_ms() < end)
		usleep(50);
	return sf_record(sf, nr)->status;
}

/* Through each page of the portals: they differ in what a handle means */
static bool one_handle(struct sf *sf, struct watch *w, uint16_t handle,
		       unsigned int *tried)
{
	struct dsa_hw_desc desc;
	unsigned int page;
	bool ok = true;

	for (page = 0; ok && page < 4; page++) {
		move_desc(sf, &desc);
		memset(dst_of(sf), PATTERN, SMALL);
		desc.flags |= IDXD_OP_FLAG_RCI;
		desc.int_handle = handle;
		/* As if this made a difference */
		desc.pasid = w->pasid;
		sf_submit_to(sf, &desc, page);
		++*tried;
		ok = check(poll_record(sf, 0) == DSA_COMP_INT_HANDLE_INVAL,
			   "handle %#x, page %u: status %#x", handle, page,
			   sf_record(sf, 0)->status) &&
		     check(all_bytes(dst_of(sf), PATTERN, SMALL),
			   "handle %#x, page %u: moved", handle, page) &&
		     check(!sf_events(sf, 1, 0), "handle %#x: an interrupt",
			   handle);
	}
	return ok;
}

/* The slot of the victim, what would be an MSI-X entry, and beyond the table */
static bool attack_handle(struct sf *sf)
{
	static const uint16_t beyond[] = {
		1024, 2047, 2048, 2049, 0x4000, 0x7fff, 0x8000, 0xfffe, 0xffff,
	};
	unsigned int tried = 0, i;
	struct watch w;
	bool ok;

	sf_start(sf);
	watch_open(&w, sf);
	ok = check(sf->nr_vectors == 2, "handles of several vectors") &&
	     one_handle(sf, &w, w.sf.handle, &tried);
	for (i = 0; ok && i <= 8; i++)
		if (i != sf->handle)
			ok = one_handle(sf, &w, i, &tried);
	for (i = 0; ok && i < ARRAY_SIZE(beyond); i++)
		ok = one_handle(sf, &w, beyond[i], &tried);
	ok = ok && watch_untouched(&w, "handles");
	watch_reached("errors", tried);
	watch_reached("faults", 0);
	return watch_close(&w) && ok && dev_copies(sf);
}

/* Both use the same addresses: the PASID of the descriptor chooses nothing */
static bool attack_pasid(struct sf *sf)
{
	struct dsa_hw_desc desc;
	struct watch w;
	unsigned int i;
	bool ok = true;

	sf_start(sf);
	watch_open(&w, sf);
	memset(src_of(sf), 0x3c, SMALL);
	for (i = 0; ok && i < 8; i++) {
		memset(dst_of(sf), PATTERN, SMALL);
		move_desc(sf, &desc);
		desc.pasid = w.pasid;
		desc.priv = i & 1;
		desc.rsvd = i & 2 ? 0x7ff : 0;
		sf_submit_to(sf, &desc, i % 4);
		/* Reserved bits may be refused, and then move nothing */
		if (sf_wait(sf, sf_record(sf, 0)) == DSA_COMP_SUCCESS)
			ok = check(all_bytes(dst_of(sf), 0x3c, SMALL),
				   "PASID %u: not the own memory", w.pasid);
		else
			ok = check(i & 2, "PASID %u: status %#x", w.pasid,
				   sf_record(sf, 0)->status);
		ok = ok && watch_untouched(&w, "PASID");
	}
	watch_reached("faults", 0);
	return watch_close(&w) && ok && dev_copies(sf);
}

enum attack_way {
	WAY_READ,
	WAY_WRITE,
	WAY_DUALCAST,
	WAY_RECORD,
	WAY_LIST,
	WAY_MEMBER_READ,
	WAY_MEMBER_WRITE,
	NR_WAYS,
};

static const char * const way_names[NR_WAYS] = {
	"read", "write", "second destination", "completion record",
	"descriptor list", "read in a batch", "write in a batch",
};

/* A move (or dualcast) that names the address in the given way */
static void aim(struct sf *sf, struct dsa_hw_desc *desc, enum attack_way way,
		uint64_t addr)
{
	move_desc(sf, desc);
	if (way == WAY_READ || way == WAY_MEMBER_READ)
		desc->src_addr = addr;
	if (way == WAY_WRITE || way == WAY_MEMBER_WRITE)
		desc->dst_addr = addr;
	if (way == WAY_RECORD) {
		desc->completion_addr = addr & ~31ULL;
		desc->flags &= ~IDXD_OP_FLAG_RCI;
	}
	if (way == WAY_DUALCAST) {
		desc->opcode = DSA_OPCODE_DUALCAST;
		/* Both have to agree in these bits */
		desc->dst_addr += addr & 0xfff;
		desc->dest2 = addr;
	}
}

static void make_batch(struct sf *sf, struct dsa_hw_desc *desc, uint64_t list)
{
	sf_desc(sf, desc, DSA_OPCODE_BATCH, 0);
	desc->desc_list_addr = list;
	desc->desc_count = 2;
}

/* The second of two members is aimed, its record is number 1 */
static void aim_member(struct sf *sf, struct dsa_hw_desc *desc,
		       enum attack_way way, uint64_t addr)
{
	struct dsa_hw_desc *list = (void *)(sf->arena + ARENA_BATCH);

	sf_desc(sf, &list[0], DSA_OPCODE_NOOP, 2);
	aim(sf, &list[1], way, addr);
	memset(sf_record(sf, 1), 0, sizeof(*sf_record(sf, 1)));
	list[1].completion_addr = sf_iova(sf, sf_record(sf, 1));
	list[0].flags &= ~IDXD_OP_FLAG_RCI;
	list[1].flags &= ~IDXD_OP_FLAG_RCI;
	make_batch(sf, desc, sf_iova(sf, list));
}

static bool page_fault(struct sf *sf, unsigned int record, uint8_t status,
		       uint64_t addr)
{
	struct dsa_completion_record *rec = sf_record(sf, record);

	return check(rec->status == status, "status %#x, not %#x", rec->status,
		     status) &&
	       check((rec->fault_addr ^ addr) < 4096, "fault at %#llx",
		     (unsigned long long)rec->fault_addr);
}

/* Its own SWERR, and its interrupt */
static bool record_error(struct sf *sf, uint64_t addr)
{
	uint64_t end = now_ms() + sf->opt->timeout_ms, events = 0, swerr;

	do {
		events += sf_events(sf, 0, 20);
		swerr = sf_read(sf, REG_SWERR, 8);
		/* Where nobody takes interrupts, there is none to wait for */
		events += sf->opt->poll;
	} while ((!(swerr & 1) || !events) && now_ms() < end);
	addr ^= sf_read(sf, REG_SWERR + 16, 8);
	sf_write(sf, REG_SWERR, 1, 8);
	sf_write(sf, REG_INTCAUSE, 1, 4);
	return check((swerr & 1) && events, "no SWERR") &&
	       check((swerr >> 8 & 0xff) == DSA_COMP_CRA_XLAT && addr < 4096,
		     "SWERR %#llx, address wrong by %#llx",
		     (unsigned long long)swerr, (unsigned long long)addr);
}

static bool one_way(struct sf *sf, enum attack_way way, uint64_t addr)
{
	struct dsa_hw_desc desc;

	switch (way) {
	case WAY_READ:
		aim(sf, &desc, way, addr);
		sf_do(sf, &desc);
		return page_fault(sf, 0, DSA_COMP_PAGE_FAULT_NOBOF, addr);
	case WAY_WRITE:
	case WAY_DUALCAST:
		aim(sf, &desc, way, addr);
		sf_do(sf, &desc);
		return page_fault(sf, 0, 0x80 | DSA_COMP_PAGE_FAULT_NOBOF,
				  addr);
	case WAY_RECORD:
		aim(sf, &desc, way, addr);
		sf_submit(sf, &desc);
		return record_error(sf, addr);
	case WAY_LIST:
		make_batch(sf, &desc, addr & ~63ULL);
		sf_do(sf, &desc);
		return page_fault(sf, 0, DSA_COMP_BATCH_PAGE_FAULT, addr);
	case WAY_MEMBER_READ:
	case WAY_MEMBER_WRITE:
		aim_member(sf, &desc, way, addr);
		sf_do(sf, &desc);
		return check(sf_record(sf, 0)->status == DSA_COMP_BATCH_FAIL,
			     "batch: status %#x", sf_record(sf, 0)->status) &&
		       page_fault(sf, 1, DSA_COMP_PAGE_FAULT_NOBOF |
				  (way == WAY_MEMBER_WRITE ? 0x80 : 0), addr);
	case NR_WAYS:
		break;
	}
	return false;
}

/* Every way there is to name an address */
static bool one_address(struct sf *sf, struct watch *w, const char *name,
			uint64_t addr, unsigned int *tried)
{
	uint32_t message = w->msg_data;
	bool ok = true;
	enum attack_way way;

	for (way = 0; ok && way < NR_WAYS; way++) {
		/* What would interrupt the victim, were it written there */
		memcpy(src_of(sf), &message, sizeof(message));
		memset(dst_of(sf), PATTERN, 8192);
		ok = check(one_way(sf, way, addr), "%s, %s at %#llx",
			   way_names[way], name, (unsigned long long)addr);
		if (way == WAY_READ || way == WAY_MEMBER_READ)
			ok = ok && check(all_bytes(dst_of(sf), PATTERN, 8192),
					 "%s: something was read", name);
		ok = ok && watch_untouched(w, name);
		++*tried;
	}
	return ok;
}

struct target {
	const char *name;
	uint64_t addr;
	/* In a guest it is memory of its own */
	bool guest_has;
};

static bool attack_address(struct sf *sf)
{
	unsigned int tried = 0, i;
	uint8_t *theirs;
	struct watch w;
	bool ok = true;

	sf_start(sf);
	watch_open(&w, sf);
	theirs = w.remote ? sf->arena : src_of(&w.sf);
	const struct target targets[] = {
		{ "an address of the victim alone", w.iova, false },
		{ "the victim's pages", physical_address(theirs), true },
		{ "the victim's process", (uintptr_t)theirs, false },
		{ "its own pages", physical_address(src_of(sf)), true },
		{ "page 0 of the host", 0, true },
		{ "the kernel of the host", 0x1000000, true },
		{ "BAR0 of the function", w.bar0, false },
		{ "the victim's portal", w.portal, false },
		{ "the IOMMU", 0xfed90000, false },
		{ "the I/O APIC", 0xfec00000, false },
		{ "behind its memory", sf->opt->iova + ARENA_SIZE, false },
		{ "the last page", ~0xfffULL, false },
	};
	for (i = 0; ok && i < ARRAY_SIZE(targets); i++)
		if (!sf->regs || !targets[i].guest_has)
			ok = one_address(sf, &w, targets[i].name,
					 targets[i].addr, &tried);
	watch_reached("faults", tried);
	watch_reached("rejected", 0);
	return watch_close(&w) && ok && dev_copies(sf);
}

/* VFIO keeps memory out of the window */
static bool no_map(struct sf *sf, uint64_t iova, size_t size)
{
	return sf->regs || dev_expect("map in the MSI window", EINVAL,
				      sf_try_map(sf, sf->arena, iova, size));
}

/* The victim's own message; any other; and no memory can be mapped there */
static bool attack_msi(struct sf *sf)
{
	static const uint64_t offsets[] = { 0, 0x40, 0x1000, 0x100, 0xff000 };
	unsigned int tried = 0, i;
	struct watch w;
	bool ok;

	sf_start(sf);
	watch_open(&w, sf);
	ok = one_address(sf, &w, "the victim's message", w.msg_addr, &tried);
	for (i = 0; ok && i < ARRAY_SIZE(offsets); i++)
		ok = one_address(sf, &w, "the MSI window",
				 MSI_WINDOW + offsets[i], &tried);
	for (i = 0; ok && i < ARRAY_SIZE(offsets); i++)
		ok = no_map(sf, (MSI_WINDOW + offsets[i]) & ~0xfffULL, 4096);
	ok = ok && no_map(sf, MSI_WINDOW - 0x100000, 3 * MSI_WINDOW_SIZE);
	watch_reached("faults", tried);
	return watch_close(&w) && ok && dev_copies(sf);
}

/* By operand; all at once; and those of PASIDs, which are not there */
static bool attack_command(struct sf *sf)
{
	unsigned int code, bit;
	struct watch w;
	bool ok = true;

	sf_start(sf);
	watch_open(&w, sf);
	for (bit = 1; ok && bit < 8; bit++)
		ok = dev_command(sf, CMD_ENABLE_WQ, bit, ERR_BAD_WQ);
	for (code = CMD_DISABLE_WQ; ok && code <= CMD_RESET_WQ; code++) {
		for (bit = 1; ok && bit < 20; bit++)
			ok = dev_command(sf, code, 1u << bit, ERR_BAD_WQ);
		ok = ok && dev_command(sf, code, 1u << w.wq | 1 << 16,
				       ERR_BAD_WQ) &&
		     dev_command(sf, code, 0xffff, ERR_BAD_WQ);
	}
	for (code = 11; ok && code <= 12; code++)
		ok = dev_command(sf, code, w.pasid, ERR_UNKNOWN);
	ok = ok && dev_command(sf, CMD_REQUEST_HANDLE, w.sf.handle + 8,
			       ERR_INDEX);
	ok = ok && dev_command(sf, CMD_RELEASE_HANDLE, w.sf.handle, ERR_HANDLE);
	/* The whole device is the virtual one */
	for (code = CMD_DRAIN_ALL; ok && code <= CMD_RESET_DEVICE; code++)
		ok = dev_command(sf, code, 0, 0) && watch_untouched(&w, "all");
	sf_start(sf);
	ok = ok && dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	ok = ok && watch_untouched(&w, "commands");
	sf_start(sf);
	return watch_close(&w) && ok && dev_copies(sf);
}

const struct step attack_steps[] = {
	{ "attack-handle", attack_handle },
	{ "attack-pasid", attack_pasid },
	{ "attack-address", attack_address },
	{ "attack-msi", attack_msi },
	{ "attack-command", attack_command },
	{ }
};
