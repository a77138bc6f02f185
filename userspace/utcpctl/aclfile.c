// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of access lists.
 *
 * A line is "policy NAME [WORD VALUE]...", a rule of the policy before it,
 * "in|out VERDICT [WORD VALUE]...", "bind DEV POLICY", "set NAME [WORD VALUE]...", or an
 * element of the set before it, "element ADDRESS [expires TIME]". An object of JSON has the
 * same words as members.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "aclfile.h"
#include "number.h"
#include "words.h"

/**
 * struct reader - a file that is being read
 * @name: of the file, for messages
 * @line: number of the line, or of the object
 * @file: what was in it so far
 * @f: for failures
 */
struct reader {
	const char *name;
	unsigned long line;
	struct aclfile *file;
	struct fault *f;
};

static int wrong(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(struct reader *r, const char *fmt, ...)
{
	char text[256], message[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(message, sizeof(message), "%s:%lu: %s", r->name, r->line,
		 text);
	return fault_input(r->f, EBADMSG, message);
}

static int no_memory(struct reader *r)
{
	return fault_system(r->f, ENOMEM, "cannot read %s", r->name);
}

bool aclfile_word(const char *word, size_t *index)
{
	const char *name;

	for (*index = 0; (name = utcp_acl_word(*index)); (*index)++)
		if (strcmp(name, word) == 0)
			return true;
	return false;
}

bool aclfile_verdict(const char *text, uint32_t *verdict)
{
	const char *name;

	for (*verdict = 1; (name = utcp_acl_verdict(*verdict)); (*verdict)++)
		if (strcmp(name, text) == 0)
			return true;
	return false;
}

bool aclfile_direction(const char *text, uint32_t *direction)
{
	const char *name;

	for (*direction = 1; (name = utcp_acl_direction(*direction));
	     (*direction)++)
		if (strcmp(name, text) == 0)
			return true;
	return false;
}

static const char *set_text(const char *value, char *to, size_t size)
{
	if (strlen(value) >= size)
		return "it is too long";
	snprintf(to, size, "%s", value);
	return NULL;
}

const char *aclfile_setting(struct utcp_acl_policy *set, const char *word,
			    const char *value)
{
	bool in = strcmp(word, "in") == 0;

	if (in || strcmp(word, "out") == 0) {
		set->fields |= in ? LIBUTCP_ACL_IN : LIBUTCP_ACL_OUT;
		return aclfile_verdict(value, in ? &set->in : &set->out) ?
			       NULL :
			       "there is no such verdict";
	}
	if (strcmp(word, "log") == 0) {
		set->fields |= LIBUTCP_ACL_LOG;
		set->log = strcmp(value, "on") == 0;
		return set->log || strcmp(value, "off") == 0 ?
			       NULL :
			       "on or off is expected";
	}
	if (strcmp(word, "comment") == 0) {
		set->fields |= LIBUTCP_ACL_COMMENT;
		return set_text(value, set->comment, sizeof(set->comment));
	}
	if (strcmp(word, "owner") == 0) {
		set->fields |= LIBUTCP_ACL_OWNER;
		return set_text(value, set->owner, sizeof(set->owner));
	}
	return "a policy has no such setting";
}

/* --- what lines and objects make --------------------------------------------------- */

static int add_policy(struct reader *r, const char *name,
		      struct aclfile_policy **policy)
{
	struct aclfile_policy *more;

	for (size_t i = 0; i < r->file->n; i++)
		if (strcmp(r->file->policies[i].set.name, name) == 0)
			return wrong(r, "policy \"%s\" comes twice", name);
	more = reallocarray(r->file->policies, r->file->n + 1, sizeof(*more));
	if (!more)
		return no_memory(r);
	r->file->policies = more;
	*policy = &more[r->file->n++];
	memset(*policy, 0, sizeof(**policy));
	if (set_text(name, (*policy)->set.name, sizeof((*policy)->set.name)))
		return wrong(r, "the name \"%s\" is too long", name);
	return EXIT_DONE;
}

static int set_policy(struct reader *r, struct aclfile_policy *policy,
		      const char *word, const char *value)
{
	const char *bad = aclfile_setting(&policy->set, word, value);

	return bad ? wrong(r, "%s: \"%s\": %s", word, value, bad) : EXIT_DONE;
}

static int add_rule(struct reader *r, const char *direction,
		    const char *verdict, struct utcp_acl_rule **rule)
{
	struct aclfile_policy *p;

	if (!r->file->n)
		return wrong(r, "a rule stands before any policy");
	p = &r->file->policies[r->file->n - 1];
	if (p->n == p->room) {
		size_t room = p->room ? 2 * p->room : 16;
		struct utcp_acl_rule *rules;
		unsigned long *lines;

		rules = reallocarray(p->rules, room, sizeof(*rules));
		if (rules)
			p->rules = rules;
		lines = reallocarray(p->lines, room, sizeof(*lines));
		if (lines)
			p->lines = lines;
		if (!rules || !lines)
			return no_memory(r);
		p->room = room;
	}
	p->lines[p->n] = r->line;
	*rule = &p->rules[p->n++];
	memset(*rule, 0, sizeof(**rule));
	(*rule)->priority = LIBUTCP_ACL_PRIORITY;
	if (!aclfile_direction(direction, &(*rule)->direction))
		return wrong(r, "\"%s\" is no direction", direction);
	if (!aclfile_verdict(verdict, &(*rule)->verdict))
		return wrong(r, "\"%s\" is no verdict", verdict);
	return EXIT_DONE;
}

static int set_rule(struct reader *r, struct utcp_acl_rule *rule,
		    const char *word, const char *value)
{
	const char *bad;
	size_t index;

	if (!aclfile_word(word, &index))
		return wrong(r, "a rule has no word \"%s\"", word);
	bad = utcp_acl_rule_set(rule, index, value);
	return bad ? wrong(r, "%s: \"%s\": %s", word, value, bad) : EXIT_DONE;
}

static int add_binding(struct reader *r, const char *port, const char *policy)
{
	struct utcp_acl_binding *more, *b;

	more = reallocarray(r->file->bindings, r->file->n_bindings + 1,
			    sizeof(*more));
	if (!more)
		return no_memory(r);
	r->file->bindings = more;
	b = &more[r->file->n_bindings++];
	memset(b, 0, sizeof(*b));
	if (set_text(port, b->name, sizeof(b->name)) ||
	    set_text(policy, b->policy, sizeof(b->policy)))
		return wrong(r, "a name is too long");
	return EXIT_DONE;
}

static int add_set(struct reader *r, const char *name, struct aclfile_set **set)
{
	struct aclfile_set *more;

	more = reallocarray(r->file->sets, r->file->n_sets + 1, sizeof(*more));
	if (!more)
		return no_memory(r);
	r->file->sets = more;
	*set = &more[r->file->n_sets++];
	memset(*set, 0, sizeof(**set));
	(*set)->set.type = UTCP_ACL_SET_TYPE_PREFIX;
	if (set_text(name, (*set)->set.name, sizeof((*set)->set.name)))
		return wrong(r, "the name \"%s\" is too long", name);
	return EXIT_DONE;
}

static int set_set(struct reader *r, struct aclfile_set *set, const char *word,
		   const char *value)
{
	const char *name;

	if (strcmp(word, "max") == 0)
		return number_u32(value, LIBUTCP_UNIT_COUNT, &set->set.max) ?
			       wrong(r, "\"%s\" is no number of elements",
				     value) :
			       EXIT_DONE;
	if (strcmp(word, "type") != 0)
		return wrong(r, "a set has no word \"%s\"", word);
	for (set->set.type = 1; (name = utcp_acl_set_type(set->set.type));
	     set->set.type++)
		if (strcmp(name, value) == 0)
			return EXIT_DONE;
	return wrong(r, "\"%s\" is no type of a set", value);
}

static int add_elem(struct reader *r, const char *text,
		    struct utcp_acl_elem **elem)
{
	struct utcp_acl_elem *more;
	struct aclfile_set *set;
	const char *bad;

	if (!r->file->n_sets)
		return wrong(r, "an element stands before any set");
	set = &r->file->sets[r->file->n_sets - 1];
	/* Room is doubled: they have 1, 2, 4, ... */
	if (!(set->n & (set->n - 1))) {
		more = reallocarray(set->elems, set->n ? 2 * set->n : 1,
				    sizeof(*more));
		if (!more)
			return no_memory(r);
		set->elems = more;
	}
	*elem = &set->elems[set->n++];
	bad = utcp_acl_elem_set(*elem, text);
	return bad ? wrong(r, "\"%s\": %s", text, bad) : EXIT_DONE;
}

static int set_elem(struct reader *r, struct utcp_acl_elem *elem,
		    const char *word, const char *value)
{
	const char *bad;

	if (strcmp(word, "expires") != 0)
		return wrong(r, "an element has no word \"%s\"", word);
	bad = utcp_acl_time_set(value, &elem->expires);
	return bad ? wrong(r, "%s: \"%s\": %s", word, value, bad) : EXIT_DONE;
}

/* --- lines ---------------------------------------------------------------------------- */

static int read_policy_line(struct reader *r, int argc, char **argv)
{
	struct aclfile_policy *policy = NULL;
	int code = add_policy(r, argv[0], &policy);

	for (int i = 1; !code && i < argc; i += 2) {
		if (i + 1 == argc)
			return wrong(r, "a value is missing behind \"%s\"",
				     argv[i]);
		code = set_policy(r, policy, argv[i], argv[i + 1]);
	}
	return code;
}

static int read_rule_line(struct reader *r, int argc, char **argv)
{
	struct utcp_acl_rule *rule = NULL;
	int code;

	if (argc < 2)
		return wrong(r, "a rule has a direction and a verdict");
	code = add_rule(r, argv[0], argv[1], &rule);
	for (int i = 2; !code && i < argc; i += 2) {
		for (int k = 2; k < i; k += 2)
			if (strcmp(argv[k], argv[i]) == 0)
				return wrong(r, "\"%s\" is given twice",
					     argv[i]);
		if (i + 1 == argc)
			return wrong(r, "a value is missing behind \"%s\"",
				     argv[i]);
		code = set_rule(r, rule, argv[i], argv[i + 1]);
	}
	return code;
}

static int set_own(struct reader *r, const char *word, const char *value)
{
	const char *bad = utcp_acl_binding_own(
		&r->file->bindings[r->file->n_bindings - 1], word, value);

	return bad ? wrong(r, "%s: \"%s\": %s", word, value, bad) : EXIT_DONE;
}

static int read_bind_line(struct reader *r, int argc, char **argv)
{
	int code = add_binding(r, argv[1], argv[2]);

	for (int i = 3; !code && i < argc; i += 2)
		code = set_own(r, argv[i], argv[i + 1]);
	return code;
}

static int read_set_line(struct reader *r, int argc, char **argv)
{
	struct aclfile_set *set = NULL;
	int code;

	if (argc % 2)
		return wrong(r, "a set has a name, and pairs of words");
	code = add_set(r, argv[1], &set);
	for (int i = 2; !code && i < argc; i += 2)
		code = set_set(r, set, argv[i], argv[i + 1]);
	return code;
}

static int read_elem_line(struct reader *r, int argc, char **argv)
{
	struct utcp_acl_elem *elem = NULL;
	int code;

	if (argc % 2)
		return wrong(r, "an element is an address, and pairs of words");
	code = add_elem(r, argv[1], &elem);
	for (int i = 2; !code && i < argc; i += 2)
		code = set_elem(r, elem, argv[i], argv[i + 1]);
	return code;
}

static int read_line(struct reader *r, int argc, char **argv)
{
	if (strcmp(argv[0], "set") == 0)
		return read_set_line(r, argc, argv);
	if (strcmp(argv[0], "element") == 0)
		return read_elem_line(r, argc, argv);
	if (strcmp(argv[0], "policy") == 0) {
		if (argc < 2)
			return wrong(r, "the name of the policy is missing");
		return read_policy_line(r, argc - 1, argv + 1);
	}
	if (strcmp(argv[0], "bind") == 0) {
		if (argc < 3 || !(argc % 2))
			return wrong(
				r,
				"a device, a policy and pairs of words are expected behind \"bind\"");
		return read_bind_line(r, argc, argv);
	}
	return read_rule_line(r, argc, argv);
}

static int read_lines(struct reader *r, FILE *from)
{
	struct words words = { 0 };
	int code = EXIT_DONE;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (!code && (n = getline(&line, &room, from)) >= 0) {
		const char *bad;

		r->line++;
		if (n && line[n - 1] == '\n')
			line[--n] = '\0';
		bad = words_split(line, (size_t)n, &words);
		if (bad)
			code = wrong(r, "%s", bad);
		else if (words.argc)
			code = read_line(r, words.argc, words.argv);
	}
	if (!code && ferror(from))
		code = fault_system(r->f, errno ? errno : EIO, "cannot read %s",
				    r->name);
	words_free(&words);
	free(line);
	return code;
}

/* --- JSON -------------------------------------------------------------------------------- */

/* A value as text; NULL if it is neither a text nor a number. */
static const char *value_text(const json_t *value, char buffer[32])
{
	if (json_is_string(value))
		return json_string_value(value);
	if (!json_is_integer(value))
		return NULL;
	snprintf(buffer, 32, "%" JSON_INTEGER_FORMAT,
		 json_integer_value(value));
	return buffer;
}

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* Members that output has and a rule does not say. */
static bool is_answer(const char *name)
{
	static const char *const names[] = {
		"policy",  "direction", "verdict",    "handle",	 "packets",
		"bytes",   "last-hit",	"generation", "rules",	 "users",
		"ifindex", "in",	"out",	      "confirm", "kept",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int read_policy_object(struct reader *r, json_t *object)
{
	struct aclfile_policy *policy = NULL;
	char buffer[32];
	const char *name, *text;
	json_t *value;
	int code;

	code = add_policy(r, member(object, "policy"), &policy);
	json_object_foreach(object, name, value)
	{
		bool verdict = strcmp(name, "in") == 0 ||
			       strcmp(name, "out") == 0;

		if (code)
			break;
		if (is_answer(name) && !verdict)
			continue;
		text = value_text(value, buffer);
		code = text ? set_policy(r, policy, name, text) :
			      wrong(r, "%s: a text is expected", name);
	}
	return code;
}

static int read_rule_object(struct reader *r, json_t *object)
{
	const char *verdict = member(object, "verdict");
	struct utcp_acl_rule *rule = NULL;
	char buffer[32];
	const char *name, *text;
	json_t *value;
	int code;

	if (!verdict)
		return wrong(r, "a rule has a direction and a verdict");
	code = add_rule(r, member(object, "direction"), verdict, &rule);
	json_object_foreach(object, name, value)
	{
		if (code)
			break;
		if (is_answer(name))
			continue;
		text = value_text(value, buffer);
		code = text ? set_rule(r, rule, name, text) :
			      wrong(r, "%s: a text or a number is expected",
				    name);
	}
	return code;
}

static int read_set_object(struct reader *r, json_t *object)
{
	struct aclfile_set *set = NULL;
	char buffer[32];
	const char *name, *text;
	json_t *value;
	int code;

	code = add_set(r, member(object, "set"), &set);
	json_object_foreach(object, name, value)
	{
		if (code)
			break;
		if (strcmp(name, "set") == 0 || strcmp(name, "elements") == 0 ||
		    strcmp(name, "users") == 0)
			continue;
		text = value_text(value, buffer);
		code = text ? set_set(r, set, name, text) :
			      wrong(r, "%s: a text or a number is expected",
				    name);
	}
	return code;
}

static int read_elem_object(struct reader *r, json_t *object)
{
	const char *expires = member(object, "expires");
	struct utcp_acl_elem *elem = NULL;
	int code;

	code = add_elem(r, member(object, "element"), &elem);
	if (!code && expires)
		code = set_elem(r, elem, "expires", expires);
	return code;
}

static int read_object(struct reader *r, json_t *object)
{
	if (member(object, "set"))
		return read_set_object(r, object);
	if (member(object, "element"))
		return read_elem_object(r, object);
	const char *port = member(object, "bind");
	const char *policy = member(object, "policy");

	if (port && policy) {
		const char *mac = member(object, "mac");
		const char *addr = member(object, "addr");
		int code = add_binding(r, port, policy);

		if (!code && mac)
			code = set_own(r, "mac", mac);
		if (!code && addr)
			code = set_own(r, "addr", addr);
		return code;
	}
	if (member(object, "direction"))
		return read_rule_object(r, object);
	if (policy)
		return read_policy_object(r, object);
	return wrong(r, "it is neither a policy nor a rule nor a binding");
}

static int read_json(struct reader *r, FILE *from)
{
	json_error_t error;
	int code = EXIT_DONE;
	json_t *list;

	list = json_loadf(from, JSON_REJECT_DUPLICATES, &error);
	if (!list) {
		r->line = error.line > 0 ? (unsigned long)error.line : 0;
		return wrong(r, "%s", error.text);
	}
	r->line = 0;
	if (!json_is_array(list))
		code = wrong(r, "an array is expected");
	for (size_t i = 0; !code && i < json_array_size(list); i++) {
		r->line = i + 1;
		code = read_object(r, json_array_get(list, i));
	}
	json_decref(list);
	return code;
}

/* The first character that is no blank, which stays to be read. */
static int first_character(FILE *from, unsigned long *line)
{
	int c;

	do {
		c = getc(from);
		*line += c == '\n';
	} while (c == ' ' || c == '\t' || c == '\n' || c == '\r');
	if (c != EOF)
		ungetc(c, from);
	return c;
}

int aclfile_read(const char *name, struct aclfile *file, struct fault *f)
{
	bool is_stdin = strcmp(name, "-") == 0;
	struct reader r = { .name = is_stdin ? "standard input" : name,
			    .file = file,
			    .f = f };
	FILE *from = is_stdin ? stdin : fopen(name, "re");
	int code;

	memset(file, 0, sizeof(*file));
	if (!from) {
		char message[256];
		int err = errno;

		snprintf(message, sizeof(message), "%s: %s", name,
			 strerror(err));
		return fault_input(f, err, message);
	}
	if (first_character(from, &r.line) == '[')
		code = read_json(&r, from);
	else
		code = read_lines(&r, from);
	if (!is_stdin)
		fclose(from);
	return code;
}

int aclfile_parse(const char *name, const char *text, struct aclfile *file,
		  struct fault *f)
{
	struct reader r = { .name = name, .file = file, .f = f };
	size_t len = strlen(text);
	int code = EXIT_DONE;
	FILE *from;

	memset(file, 0, sizeof(*file));
	/* fmemopen() takes no empty buffer */
	if (!len)
		return EXIT_DONE;
	from = fmemopen((void *)text, len, "re");
	if (!from)
		return fault_system(f, errno, "cannot read %s", name);
	code = read_lines(&r, from);
	fclose(from);
	return code;
}

void aclfile_free(struct aclfile *file)
{
	for (size_t i = 0; i < file->n; i++) {
		free(file->policies[i].rules);
		free(file->policies[i].lines);
	}
	for (size_t i = 0; i < file->n_sets; i++)
		free(file->sets[i].elems);
	free(file->sets);
	free(file->policies);
	free(file->bindings);
	memset(file, 0, sizeof(*file));
}
