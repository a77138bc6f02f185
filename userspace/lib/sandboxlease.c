// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who has which address of a network.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "rundir.h"
#include "sandboxlease.h"
#include "sandboxnetwork.h"
#include "sandboxstate.h"

/* No name of a sandbox, and none of a bridge, begins with it. */
#define MARK "@"

/* A number, or MARK and a name. */
#define ENTRY_SIZE (LIBUTCP_SANDBOX_NAME_MAX + 2)

/* Who has an address from before a reboot, by names, until he is there again. */
#define KEPT_DIR "kept"

/* The folder of a network's leases. */
struct folder {
	char sub[sizeof(LEASE_DIR) + 17];
};

static struct folder kept_of(const char *bridge)
{
	struct folder f;

	snprintf(f.sub, sizeof(f.sub), "%s/%.15s", KEPT_DIR, bridge);
	return f;
}

static struct folder folder_of(const char *bridge)
{
	struct folder f;

	snprintf(f.sub, sizeof(f.sub), "%s/%.15s", LEASE_DIR, bridge);
	return f;
}

static void number_entry(char entry[ENTRY_SIZE], uint32_t host)
{
	snprintf(entry, ENTRY_SIZE, "%u", host);
}

/* What is given out elsewhere has no number here. */
static void name_entry(char entry[ENTRY_SIZE], const char *name)
{
	snprintf(entry, ENTRY_SIZE, MARK "%.*s", LIBUTCP_SANDBOX_NAME_MAX,
		 name);
}

/* The number of an entry, or 0. */
static uint32_t entry_number(const char *entry)
{
	unsigned long number;
	char *end;

	if (entry[0] < '1' || entry[0] > '9')
		return 0;
	number = strtoul(entry, &end, 10);
	return *end || number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* --- the address that was given last --------------------------------------------------- */

/* It is beside the folder, which is to be empty in the end. Without it, from the first on. */
uint32_t lease_given(const struct network *net)
{
	char entry[ENTRY_SIZE], text[ENTRY_SIZE];
	uint32_t last;

	name_entry(entry, net->bridge);
	if (rundir_owner(LEASE_DIR, entry, text, sizeof(text)))
		return NETWORK_GATEWAY;
	last = entry_number(text);
	return last > NETWORK_GATEWAY && last < network_end(net) ?
		       last :
		       NETWORK_GATEWAY;
}

int lease_note(const struct network *net, uint32_t host, struct utcp_error *e)
{
	char entry[ENTRY_SIZE], text[ENTRY_SIZE];
	int err = rundir_mkdir(LEASE_DIR, e);

	/* A network that is restored may have no lease, and no folder yet. */
	if (err < 0)
		return err;
	name_entry(entry, net->bridge);
	number_entry(text, host);
	return rundir_give(LEASE_DIR, entry, text, e);
}

/* --- leases ---------------------------------------------------------------------------- */

static int none_free(const struct network *net, struct utcp_error *e)
{
	return utcp_error_set(e, LIBUTCP_E_BUSY, ENOSPC,
			      "no address of \"%s\" is free", net->bridge);
}

static int take_wanted(const struct network *net, const char *sub,
		       const char *name, uint32_t want, struct utcp_error *e)
{
	char entry[ENTRY_SIZE];
	int err;

	if (want < NETWORK_FIRST || want >= network_end(net))
		return none_free(net, e);
	number_entry(entry, want);
	err = rundir_claim(sub, entry, name, e);
	if (err == -EEXIST)
		err = utcp_error_set(
			e, LIBUTCP_E_BUSY, EADDRINUSE,
			"another sandbox of \"%s\" has that address",
			net->bridge);
	return err;
}

/* No more are in the way than there are leases. */
static int take_next(const struct network *net, const char *sub,
		     const char *name, uint32_t *host, struct utcp_error *e)
{
	uint32_t end = network_end(net), next = lease_given(net);
	char entry[ENTRY_SIZE];

	for (uint32_t left = end - NETWORK_FIRST; left; left--) {
		int err;

		next = next + 1 < end ? next + 1 : NETWORK_FIRST;
		number_entry(entry, next);
		err = rundir_claim(sub, entry, name, e);
		if (err == -EEXIST)
			continue;
		*host = next;
		return err ? err : lease_note(net, next, e);
	}
	return none_free(net, e);
}

/* What it had before a reboot is its own. Return: whether there is something. */
static bool take_kept(const struct network *net, const char *sub,
		      const char *name, uint32_t *host)
{
	const struct folder kept = kept_of(net->bridge);
	char entry[ENTRY_SIZE], owner[ENTRY_SIZE];
	struct utcp_error ignored = { 0 };

	if (rundir_owner(kept.sub, name, entry, sizeof(entry)))
		return false;
	rundir_remove(kept.sub, name, &ignored);
	*host = entry_number(entry);
	return *host && !rundir_owner(sub, entry, owner, sizeof(owner)) &&
	       strcmp(owner, name) == 0;
}

int lease_keep(struct network *net, const char *name, uint32_t host,
	       struct utcp_error *e)
{
	const struct folder kept = kept_of(net->bridge);
	char entry[ENTRY_SIZE];
	uint32_t got;
	int err = lease_take(net, name, host, &got, e);

	if (err)
		return err;
	err = rundir_mkdir(kept.sub, e);
	if (err < 0)
		return err;
	number_entry(entry, host);
	return rundir_give(kept.sub, name, entry, e);
}

int lease_take(struct network *net, const char *name, uint32_t want,
	       uint32_t *host, struct utcp_error *e)
{
	const struct folder f = folder_of(net->bridge);
	char entry[ENTRY_SIZE];
	int made = rundir_mkdir(f.sub, e);

	*host = 0;
	if (made < 0)
		return made;
	net->first = made;
	if (net->assigned) {
		name_entry(entry, name);
		return rundir_claim(f.sub, entry, name, e);
	}
	if (take_kept(net, f.sub, name, host)) {
		if (!want || want == *host)
			return 0;
		number_entry(entry, *host);
		made = rundir_remove(f.sub, entry, e);
		if (made)
			return made;
	}
	if (!want)
		return take_next(net, f.sub, name, host, e);
	*host = want;
	return take_wanted(net, f.sub, name, want, e);
}

int lease_pass(const char *bridge, uint32_t host, const char *to,
	       struct utcp_error *e)
{
	const struct folder f = folder_of(bridge);
	char entry[ENTRY_SIZE];

	number_entry(entry, host);
	return rundir_give(f.sub, entry, to, e);
}

/* Remove an entry, if it is this sandbox's. */
static int drop_entry(const char *sub, const char *entry, const char *name,
		      struct utcp_error *e)
{
	char owner[ENTRY_SIZE];

	if (rundir_owner(sub, entry, owner, sizeof(owner)) ||
	    strcmp(owner, name) != 0)
		return 0;
	return rundir_remove(sub, entry, e);
}

/* A sandbox whose maker has died has not written down which it is. */
struct search {
	const char *sub;
	const char *name;
	struct utcp_error *e;
};

static int drop_found(const char *name, uint32_t host, void *arg)
{
	const struct search *s = arg;
	char entry[ENTRY_SIZE];

	if (!host || strcmp(name, s->name) != 0)
		return 0;
	number_entry(entry, host);
	return rundir_remove(s->sub, entry, s->e);
}

int lease_drop(const struct network *net, const char *name, uint32_t host,
	       struct utcp_error *e)
{
	const struct folder f = folder_of(net->bridge);
	const struct folder kept = kept_of(net->bridge);
	struct search s = { f.sub, name, e };
	char entry[ENTRY_SIZE];
	int err = rundir_remove(kept.sub, name, e);

	if (err)
		return err;
	if (!net->assigned && !host)
		return lease_each(net->bridge, drop_found, &s, e);
	if (net->assigned)
		name_entry(entry, name);
	else
		number_entry(entry, host);
	return drop_entry(f.sub, entry, name, e);
}

struct forget {
	const char *sub;
	const char *name;
	int n;
	struct utcp_error *e;
};

static int forget_entry(const char *entry, void *arg)
{
	char owner[ENTRY_SIZE];
	struct forget *f = arg;
	int err;

	if (rundir_owner(f->sub, entry, owner, sizeof(owner)) ||
	    strcmp(owner, f->name) != 0)
		return 0;
	err = rundir_remove(f->sub, entry, f->e);
	f->n += !err;
	return err;
}

int lease_forget(const char *bridge, const char *name, struct utcp_error *e)
{
	const struct folder folder = folder_of(bridge), kept = kept_of(bridge);
	struct forget f = { folder.sub, name, 0, e };
	int err = rundir_remove(kept.sub, name, e);

	if (!err)
		err = rundir_each(folder.sub, forget_entry, &f, e);
	return err ? err : f.n;
}

int lease_last(const char *bridge, struct utcp_error *e)
{
	const struct folder f = folder_of(bridge), kept = kept_of(bridge);
	char entry[ENTRY_SIZE];
	int err = rundir_rmdir(f.sub, e);

	if (!err)
		err = rundir_rmdir(kept.sub, e);
	if (err)
		return err;
	name_entry(entry, bridge);
	return rundir_remove(LEASE_DIR, entry, e);
}

int lease_each(const char *bridge,
	       int (*take)(const char *name, uint32_t host, void *arg),
	       void *arg, struct utcp_error *e)
{
	const struct folder f = folder_of(bridge);
	char **entries, owner[ENTRY_SIZE];
	size_t n;
	int err = rundir_names(f.sub, &entries, &n, e);

	if (err)
		return err;
	for (size_t i = 0; !err && i < n; i++)
		if (!rundir_owner(f.sub, entries[i], owner, sizeof(owner)) &&
		    sandbox_name_ok(owner))
			err = take(owner, entry_number(entries[i]), arg);
	rundir_names_free(entries, n);
	return err;
}
