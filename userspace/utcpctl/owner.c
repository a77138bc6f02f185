// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users and groups by name and number.
 */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>

#include "number.h"
#include "owner.h"

/* Room for an entry of the system's tables: groups may have many members. */
#define ENTRY_ROOM 65536

bool owner_user(const char *text, uint32_t *uid)
{
	struct passwd user, *found = NULL;
	char room[ENTRY_ROOM];

	if (getpwnam_r(text, &user, room, sizeof(room), &found) || !found)
		return !number_u32(text, LIBUTCP_UNIT_COUNT, uid);
	*uid = found->pw_uid;
	return true;
}

bool owner_group(const char *text, uint32_t *gid)
{
	struct group group, *found = NULL;
	char room[ENTRY_ROOM];

	if (getgrnam_r(text, &group, room, sizeof(room), &found) || !found)
		return !number_u32(text, LIBUTCP_UNIT_COUNT, gid);
	*gid = found->gr_gid;
	return true;
}

bool owner_user_name(uint32_t uid, char *name, size_t size)
{
	struct passwd user, *found = NULL;
	char room[ENTRY_ROOM];

	if (getpwuid_r(uid, &user, room, sizeof(room), &found) || !found)
		return false;
	snprintf(name, size, "%s", found->pw_name);
	return true;
}

bool owner_group_name(uint32_t gid, char *name, size_t size)
{
	struct group group, *found = NULL;
	char room[ENTRY_ROOM];

	if (getgrgid_r(gid, &group, room, sizeof(room), &found) || !found)
		return false;
	snprintf(name, size, "%s", found->gr_name);
	return true;
}
