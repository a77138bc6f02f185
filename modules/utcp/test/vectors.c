// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks up test vectors. A name that is not there fails the test that asks.
 */
#include "vectors.h"

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

static const struct {
	const char *name;
	const char *hex;
} vectors[] = {
#include "vectors.inc"
};

static const char *hex_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		if (!strcmp(vectors[i].name, name))
			return vectors[i].hex;
	return NULL;
}

/**
 * utcp_vector_exists() - is there a vector of this name?
 * @name: the name
 *
 * Return: true if there is.
 */
bool utcp_vector_exists(const char *name)
{
	return hex_of(name);
}

/**
 * utcp_vector() - get a vector
 * @test: who asks
 * @name: its name
 * @buf: where the bytes go
 * @room: how many may be
 *
 * Return: how many are.
 */
size_t utcp_vector(struct kunit *test, const char *name, void *buf, size_t room)
{
	const char *hex = hex_of(name);
	size_t len;

	KUNIT_ASSERT_TRUE_MSG(test, !!hex, "no vector %s", name);
	len = strlen(hex) / 2;
	KUNIT_ASSERT_TRUE_MSG(test, len <= room, "%s is longer", name);
	KUNIT_ASSERT_EQ(test, hex2bin(buf, hex, len), 0);
	return len;
}

/**
 * utcp_vector_n() - get one of a numbered row
 * @test: who asks
 * @prefix: its name without the two digits
 * @n: the number
 * @buf: where the bytes go
 * @room: how many may be
 *
 * Return: how many are; 0: there is none of that number.
 */
size_t utcp_vector_n(struct kunit *test, const char *prefix, unsigned int n,
		     void *buf, size_t room)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%02u", prefix, n);
	return utcp_vector_exists(name) ? utcp_vector(test, name, buf, room) :
					  0;
}

/**
 * utcp_vector_of() - get one of a family
 * @test: who asks
 * @prefix: what the names of the family begin with
 * @name: how they go on
 * @buf: where the bytes go
 * @room: how many may be
 *
 * Return: how many are.
 */
size_t utcp_vector_of(struct kunit *test, const char *prefix, const char *name,
		      void *buf, size_t room)
{
	char whole[64];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	return utcp_vector(test, whole, buf, room);
}

void utcp_bytes(struct kunit *test, void *buf, size_t len, const char *hex)
{
	KUNIT_ASSERT_EQ(test, strlen(hex), 2 * len);
	KUNIT_ASSERT_EQ(test, hex2bin(buf, hex, len), 0);
}

bool utcp_zeros(const void *buf, size_t len)
{
	const u8 *bytes = buf;
	u8 any = 0;

	while (len--)
		any |= *bytes++;
	return !any;
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Unit tests of utcp");
