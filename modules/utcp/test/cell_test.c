// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of cell.c, in the order of its functions. The files under test are
 * included, so that their statics can be called. The keys and CellIDs are those of
 * selftests/utcp/vectors/utcp1.txt.
 */
#include <kunit/test.h>
#include <linux/hex.h>
#include <linux/module.h>

#include "../crypto.c"
#include "../cell.c"

struct cell_vector {
	const char *name;
	const char *private_key;
	const char *public_key;
	const char *id;
};

static const struct cell_vector cell_vectors[] = {
	{ "cell1",
	  "30c08298577249d8476f5c84600b71cab8707caefe6cd80da959df9a1742264c",
	  "ecdc3396a3d2a04317ee48912cd0a664b76fd0aadf4e6982b9f4517029d1fc69",
	  "7c1d6f625238523660f6e9cd9662dade" },
	{ "cell2",
	  "2031d72492dd2297964f201fe213690345f5cb0b00835fd9c0c062e6067eba74",
	  "66b8d37ced1a627e6b6ef1376de86af6a49e98a343a98ae73f64fc3fb437791e",
	  "6c1bdf661303198c01984aa868382f38" },
	{ "cell3",
	  "c0cb85c19ab3349b414b1e752552a36ea0302783cd785c4a855067be2420b55f",
	  "1e7315a2a8d1de86fcfc6acd14064fcb82885cefa0e78586e095c9c88964df39",
	  "6d98cb271e518c0a62dd443b0584c38f" },
};

static void cell_vector_desc(const struct cell_vector *v, char *desc)
{
	strscpy(desc, v->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vector, cell_vectors, cell_vector_desc);

static void from_hex(struct kunit *test, u8 *to, const char *hex, size_t len)
{
	KUNIT_ASSERT_EQ(test, strlen(hex), 2 * len);
	KUNIT_ASSERT_EQ(test, 0, hex2bin(to, hex, len));
}

/* A cell with the private key of a vector. */
static struct utcp_cell *cell_from(struct kunit *test, unsigned int i)
{
	struct utcp_cell *cell;
	u8 key[UTCP_KEY_LEN];

	from_hex(test, key, cell_vectors[i].private_key, sizeof(key));
	cell = utcp_cell_alloc(key, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(cell));
	return cell;
}

static void cell_id__is_the_vectors(struct kunit *test)
{
	const struct cell_vector *v = test->param_value;
	u8 want[UTCP_CELL_ID_LEN], id[UTCP_CELL_ID_LEN], key[UTCP_KEY_LEN];

	from_hex(test, want, v->id, sizeof(want));
	from_hex(test, key, v->public_key, sizeof(key));
	utcp_cell_id(id, key);
	KUNIT_EXPECT_EQ(test, 0, memcmp(id, want, sizeof(id)));
	key[31] ^= 1;
	utcp_cell_id(id, key);
	KUNIT_EXPECT_NE(test, 0, memcmp(id, want, sizeof(id)));
}

static void cell_alloc__derives(struct kunit *test)
{
	const struct cell_vector *v = test->param_value;
	struct utcp_cell *cell = cell_from(test, v - cell_vectors);
	u8 key[UTCP_KEY_LEN], id[UTCP_CELL_ID_LEN];

	from_hex(test, key, v->public_key, sizeof(key));
	from_hex(test, id, v->id, sizeof(id));
	KUNIT_EXPECT_EQ(test, 0, memcmp(cell->public_key, key, sizeof(key)));
	KUNIT_EXPECT_EQ(test, 0, memcmp(cell->id, id, sizeof(id)));
	KUNIT_EXPECT_EQ(test, utcp_cell_users(cell), 0);
	utcp_cell_free(cell);
}

/* The bits that clamping sets and clears would make no other key: each refuses it. */
static void cell_alloc__clamped(struct kunit *test)
{
	static const u8 bits[][2] = { { 0, 0x01 },
				      { 0, 0x02 },
				      { 0, 0x04 },
				      { 31, 0x40 },
				      { 31, 0x80 } };
	struct utcp_cell *cell = cell_from(test, 0), *other;
	struct netlink_ext_ack extack;
	u8 key[UTCP_KEY_LEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		memset(&extack, 0, sizeof(extack));
		memcpy(key, cell->private_key, sizeof(key));
		key[bits[i][0]] ^= bits[i][1];
		other = utcp_cell_alloc(key, &extack);
		KUNIT_EXPECT_EQ(test, PTR_ERR(other), -EINVAL);
		KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	}
	utcp_cell_free(cell);
}

static void cell_alloc__refuses_zeros(struct kunit *test)
{
	static const u8 zeros[UTCP_KEY_LEN];
	struct netlink_ext_ack extack = {};
	struct utcp_cell *cell = utcp_cell_alloc(zeros, &extack);

	KUNIT_EXPECT_EQ(test, PTR_ERR(cell), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
}

static void cell_alloc__makes_keys(struct kunit *test)
{
	struct utcp_cell *one = utcp_cell_alloc(NULL, NULL);
	struct utcp_cell *two = utcp_cell_alloc(NULL, NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(one));
	KUNIT_ASSERT_FALSE(test, IS_ERR(two));
	KUNIT_EXPECT_EQ(test, one->private_key[0] & 0x07, 0);
	KUNIT_EXPECT_EQ(test, one->private_key[31] & 0xc0, 0x40);
	KUNIT_EXPECT_NE(test, 0,
			memcmp(one->private_key, two->private_key,
			       UTCP_KEY_LEN));
	KUNIT_EXPECT_NE(test, 0, memcmp(one->id, two->id, UTCP_CELL_ID_LEN));
	utcp_cell_free(one);
	utcp_cell_free(two);
}

static struct utcp_cells *cells_for(struct kunit *test)
{
	struct utcp_cells *cells =
		kunit_kzalloc(test, sizeof(*cells), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, cells);
	utcp_cells_init(cells);
	return cells;
}

static void cell_add__once_and_within_limit(struct kunit *test)
{
	struct utcp_cells *cells = cells_for(test);
	struct utcp_cell *one = cell_from(test, 0), *again = cell_from(test, 0);
	struct utcp_cell *two = cell_from(test, 1);
	struct netlink_ext_ack extack = {};

	mutex_lock(&cells->lock);
	KUNIT_EXPECT_EQ(test, 0, utcp_cell_add(cells, one, 1, &extack));
	KUNIT_EXPECT_NULL(test, extack._msg);
	/* Also when there is no room: it is the better reason. */
	KUNIT_EXPECT_EQ(test, -EEXIST, utcp_cell_add(cells, again, 1, &extack));
	KUNIT_EXPECT_EQ(test, -ENOSPC, utcp_cell_add(cells, two, 1, &extack));
	KUNIT_EXPECT_EQ(test, cells->n, 1);
	KUNIT_EXPECT_PTR_EQ(test, utcp_cell_find(cells, one->id), one);
	KUNIT_EXPECT_NULL(test, utcp_cell_find(cells, two->id));
	KUNIT_EXPECT_EQ(test, 0, utcp_cell_add(cells, two, 2, &extack));
	KUNIT_EXPECT_GT(test, two->serial, one->serial);
	mutex_unlock(&cells->lock);
	utcp_cell_free(again);
	utcp_cells_exit(cells);
}

static void cell_del__not_while_used(struct kunit *test)
{
	struct utcp_cells *cells = cells_for(test);
	struct utcp_cell *cell = cell_from(test, 0);

	mutex_lock(&cells->lock);
	KUNIT_ASSERT_EQ(test, 0, utcp_cell_add(cells, cell, 1, NULL));
	rcu_assign_pointer(cells->def, cell);
	KUNIT_EXPECT_PTR_EQ(test, utcp_cell_get(cells, NULL), cell);
	KUNIT_EXPECT_PTR_EQ(test, utcp_cell_get(cells, cell->id), cell);
	KUNIT_EXPECT_EQ(test, utcp_cell_users(cell), 2);
	KUNIT_EXPECT_EQ(test, -EBUSY, utcp_cell_del(cells, cell));
	utcp_cell_put(cell);
	KUNIT_EXPECT_EQ(test, -EBUSY, utcp_cell_del(cells, cell));
	KUNIT_EXPECT_PTR_EQ(test, utcp_cell_default(cells), cell);
	utcp_cell_put(cell);
	KUNIT_EXPECT_EQ(test, 0, utcp_cell_del(cells, cell));
	/* It cannot be had any more, and there is no default. */
	KUNIT_EXPECT_NULL(test, utcp_cell_default(cells));
	KUNIT_EXPECT_NULL(test, utcp_cell_get(cells, cell->id));
	KUNIT_EXPECT_EQ(test, cells->n, 0);
	mutex_unlock(&cells->lock);
	utcp_cell_free(cell);
	utcp_cells_exit(cells);
}

/* A user outlives the table. */
static void cell_get__keeps_it(struct kunit *test)
{
	struct utcp_cells *cells = cells_for(test);
	struct utcp_cell *cell = cell_from(test, 2);
	u8 id[UTCP_CELL_ID_LEN];

	from_hex(test, id, cell_vectors[2].id, sizeof(id));
	mutex_lock(&cells->lock);
	KUNIT_ASSERT_EQ(test, 0, utcp_cell_add(cells, cell, 1, NULL));
	mutex_unlock(&cells->lock);
	KUNIT_ASSERT_PTR_EQ(test, utcp_cell_get(cells, id), cell);
	utcp_cells_exit(cells);
	KUNIT_EXPECT_EQ(test, 0, memcmp(cell->id, id, sizeof(id)));
	utcp_cell_put(cell);
}

/* The cell belongs to user 10 and group 20. */
struct use_case {
	const char *name;
	u32 mode;
	u32 uid;
	u32 gid;
	u32 other_gid; /* supplementary; 0: none */
	bool may;
};

#define OWNER UTCP_CELL_MODE_OWNER
#define GROUP UTCP_CELL_MODE_GROUP
#define OTHER UTCP_CELL_MODE_OTHER

static const struct use_case use_cases[] = {
	{ "owner", OWNER, 10, 99, 0, true },
	{ "owner, of the group too", OWNER, 10, 20, 0, true },
	{ "group, for the owner only", OWNER, 11, 20, 0, false },
	{ "other, for the owner only", OWNER, 11, 99, 0, false },
	{ "root is nobody special", OWNER, 0, 0, 0, false },
	{ "group", GROUP, 11, 20, 0, true },
	{ "supplementary group", GROUP, 11, 99, 20, true },
	{ "another supplementary group", GROUP, 11, 99, 21, false },
	{ "other, for the group only", GROUP, 11, 99, 0, false },
	{ "owner, for the group only", GROUP, 10, 20, 0, false },
	{ "other", OTHER, 11, 99, 0, true },
	{ "group, for others only", OTHER, 11, 20, 0, false },
	{ "owner, for others only", OTHER, 10, 99, 0, false },
	{ "owner, shared", OWNER | GROUP | OTHER, 10, 99, 0, true },
	{ "group, shared", OWNER | GROUP | OTHER, 11, 20, 0, true },
	{ "other, shared", OWNER | GROUP | OTHER, 11, 99, 0, true },
	{ "owner, for nobody", 0, 10, 20, 0, false },
	{ "other, for nobody", 0, 11, 99, 0, false },
};

static void use_case_desc(const struct use_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(use, use_cases, use_case_desc);

static void cell_may_use__table(struct kunit *test)
{
	const struct use_case *c = test->param_value;
	struct utcp_cell *cell = cell_from(test, 0);
	struct utcp_cell_settings set = {
		.owner = KUIDT_INIT(10),
		.group = KGIDT_INIT(20),
		.mode = c->mode,
	};
	struct group_info *groups = groups_alloc(1);
	struct cred cred = {
		.euid = KUIDT_INIT(c->uid),
		/* Not these count, but the effective ones. */
		.uid = KUIDT_INIT(10),
		.egid = KGIDT_INIT(c->gid),
		.gid = KGIDT_INIT(20),
		.group_info = groups,
	};

	KUNIT_ASSERT_NOT_NULL(test, groups);
	groups->gid[0] = KGIDT_INIT(c->other_gid ?: 98);
	KUNIT_ASSERT_EQ(test, 0, utcp_cell_change(cell, &set));
	KUNIT_EXPECT_EQ(test, c->may, utcp_cell_may_use(cell, &cred));
	utcp_cell_free(cell);
	put_group_info(groups);
}

static void cell_realm__or_zeros(struct kunit *test)
{
	struct utcp_cell *cell = cell_from(test, 0);
	struct utcp_cell_settings set = {};
	u8 realm[UTCP_KEY_LEN];

	memset(realm, 0xff, sizeof(realm));
	KUNIT_EXPECT_FALSE(test, utcp_cell_realm(cell, realm));
	KUNIT_EXPECT_NULL(test, memchr_inv(realm, 0, sizeof(realm)));
	set.has_realm = true;
	memset(set.realm, 7, sizeof(set.realm));
	KUNIT_ASSERT_EQ(test, 0, utcp_cell_change(cell, &set));
	KUNIT_EXPECT_TRUE(test, utcp_cell_realm(cell, realm));
	KUNIT_EXPECT_NULL(test, memchr_inv(realm, 7, sizeof(realm)));
	utcp_cell_free(cell);
}

static void cell_suite_exit(struct kunit_suite *suite)
{
	rcu_barrier();
}

static struct kunit_case cell_cases[] = {
	KUNIT_CASE_PARAM(cell_id__is_the_vectors, vector_gen_params),
	KUNIT_CASE_PARAM(cell_alloc__derives, vector_gen_params),
	KUNIT_CASE(cell_alloc__clamped),
	KUNIT_CASE(cell_alloc__refuses_zeros),
	KUNIT_CASE(cell_alloc__makes_keys),
	KUNIT_CASE(cell_add__once_and_within_limit),
	KUNIT_CASE(cell_del__not_while_used),
	KUNIT_CASE(cell_get__keeps_it),
	KUNIT_CASE_PARAM(cell_may_use__table, use_gen_params),
	KUNIT_CASE(cell_realm__or_zeros),
	{}
};

static struct kunit_suite cell_suite = {
	.name = "utcp_cell",
	.test_cases = cell_cases,
	.suite_exit = cell_suite_exit,
};

kunit_test_suite(cell_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of utcp");
