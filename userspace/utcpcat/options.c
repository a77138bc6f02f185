// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <utcp/cellnames.h>
#include <utcp/handle.h>

#include "../utcpctl/number.h"
#include "options.h"
#include "say.h"

/* Without -m, connections at once. */
#define MOST 256
/* Without -w, of datagrams. */
#define WAIT_DATAGRAM 1000

static const char help[] =
	"Usage: utcpcat [OPTION]... CELL PORT\n"
	"       utcpcat -l [OPTION]... PORT\n"
	"       utcpcat -f WHERE [OPTION]... CELL PORT\n"
	"       utcpcat -l -t WHERE [OPTION]... PORT\n"
	"\n"
	"Connects standard input and output to a port of a cell, or waits for who connects;\n"
	"or forwards connections, between UTCP and TCP or Unix sockets.\n"
	"\n"
	"  -l, --listen          wait for a connection on PORT (0: any) of an own cell\n"
	"  -k, --keep            and for the next one when it has ended; reads no input\n"
	"  -q, --seqpacket       messages instead of a stream\n"
	"  -u, --dgram           datagrams instead of a stream\n"
	"  -s, --cell CELL       the own cell (the default cell)\n"
	"  -p, --port PORT       the own port of who connects (any)\n"
	"  -w, --wait SECONDS    for the connection (20); of datagrams, when the input has\n"
	"                        ended, for the next one (1)\n"
	"  -e, --exec COMMAND    a program for the shell gets the connection as its input\n"
	"                        and output; with -k, one for each\n"
	"  -f, --forward WHERE   listen there, and forward each connection to the cell\n"
	"  -t, --to WHERE        forward each connection that comes there\n"
	"  -m, --most NUMBER     so many connections at once, with -f, -t, and -k -e (256)\n"
	"  -v, --verbose         tell where it listens, and who is connected\n"
	"  -V, --version         tell the version\n"
	"  -h, --help            this text\n"
	"\n"
	"CELL is a CellID (cell1...) or a name of " LIBUTCP_CELLNAMES_FILE
	". WHERE is tcp:HOST:PORT,\n"
	"tcp:[IP6]:PORT or unix:PATH.\n"
	"\n"
	"Exit status: 0 done; 1 usage; 2 refused, or the connection broke; 3 not there;\n"
	"4 in use, or no answer in time; 5 not allowed.\n";

static const struct option names[] = {
	{ "listen", no_argument, NULL, 'l' },
	{ "keep", no_argument, NULL, 'k' },
	{ "seqpacket", no_argument, NULL, 'q' },
	{ "dgram", no_argument, NULL, 'u' },
	{ "cell", required_argument, NULL, 's' },
	{ "port", required_argument, NULL, 'p' },
	{ "wait", required_argument, NULL, 'w' },
	{ "exec", required_argument, NULL, 'e' },
	{ "forward", required_argument, NULL, 'f' },
	{ "to", required_argument, NULL, 't' },
	{ "most", required_argument, NULL, 'm' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int read_number(const char *what, const char *text, uint32_t min,
		       uint32_t max, uint32_t *value)
{
	const char *wrong = number_u32(text, LIBUTCP_UNIT_COUNT, value);

	if (wrong)
		return say_usage("%s: \"%s\" is not a number: %s", what, text,
				 wrong);
	if (*value < min || *value > max)
		return say_usage("%s: %u is not within %u to %u", what, *value,
				 min, max);
	return EXIT_DONE;
}

static int read_port(const char *what, const char *text, uint32_t min,
		     uint16_t *port)
{
	uint32_t value = 0;
	int code = read_number(what, text, min, UINT16_MAX, &value);

	*port = (uint16_t)value;
	return code;
}

static int read_cell(const char *text, uint8_t id[LIBUTCP_CELLID_LEN])
{
	char message[384];
	int err;

	err = utcp_cellnames_resolve(text, LIBUTCP_CELLNAMES_FILE, id, message,
				     sizeof(message));
	if (!err)
		return EXIT_DONE;
	say("%s", message);
	return err == -EINVAL ? EXIT_USAGE : exit_of(-err);
}

static int read_type(struct options *o, int type)
{
	if (o->type && o->type != type)
		return say_usage("either --seqpacket or --dgram");
	o->type = type;
	return EXIT_DONE;
}

static int read_wait(struct options *o, const char *text)
{
	uint32_t seconds;
	int code = read_number("--wait", text, 1, 1000000, &seconds);

	o->wait = code ? 0 : seconds * 1000;
	return code;
}

static int read_option(struct options *o, int letter, const char *word)
{
	switch (letter) {
	case 'l':
		o->listen = true;
		return EXIT_DONE;
	case 'k':
		o->keep = true;
		return EXIT_DONE;
	case 'q':
		return read_type(o, SOCK_SEQPACKET);
	case 'u':
		return read_type(o, SOCK_DGRAM);
	case 's':
		o->has_cell = true;
		return read_cell(optarg, o->cell);
	case 'p':
		return read_port("--port", optarg, 1, &o->own_port);
	case 'w':
		return read_wait(o, optarg);
	case 'e':
		o->command = optarg;
		return EXIT_DONE;
	case 'f':
		return where_read(&o->forward, "--forward", optarg, true);
	case 't':
		return where_read(&o->to, "--to", optarg, false);
	case 'm':
		return read_number("--most", optarg, 1, 100000, &o->most);
	case 'v':
		o->verbose = true;
		return EXIT_DONE;
	case ':':
		return say_usage("option \"%s\" needs a value", word);
	default:
		return say_usage("unknown option \"%s\"; try utcpcat --help",
				 word);
	}
}

/* What does not go together. */
static int check(const struct options *o)
{
	bool forwards = o->forward.text || o->to.text;
	bool tcp = (o->forward.text && !where_has_messages(&o->forward)) ||
		   (o->to.text && !where_has_messages(&o->to));

	if (o->forward.text && o->listen)
		return say_usage("either --forward or --listen");
	if (o->to.text && !o->listen)
		return say_usage("--to is for --listen only");
	if (o->keep && !o->listen)
		return say_usage("--keep is for --listen only");
	if (o->own_port && (o->listen || forwards))
		return say_usage(
			"--port is for one connection that is made only");
	if (o->command && forwards)
		return say_usage("either --exec or forwarding");
	if (o->type == SOCK_DGRAM && (forwards || o->command))
		return say_usage(
			"datagrams are neither forwarded nor for a command");
	if (o->type == SOCK_SEQPACKET && tcp)
		return say_usage(
			"TCP has no messages: --seqpacket is forwarded to and from Unix sockets only");
	if (o->most && !forwards && !(o->command && o->keep))
		return say_usage(
			"--most is for --forward, --to, and --keep with --exec");
	if (o->wait && o->listen && o->type != SOCK_DGRAM)
		return say_usage("who listens waits for ever");
	return EXIT_DONE;
}

static int read_words(struct options *o, int n, char **word)
{
	int want = o->listen ? 1 : 2, code = EXIT_DONE;

	if (n < want)
		return say_usage(o->listen ?
					 "which port?" :
					 "which cell, and which port of it?");
	if (n > want)
		return say_usage("what is \"%s\"?", word[want]);
	if (!o->listen) {
		o->peer_name = word[0];
		code = read_cell(word[0], o->peer);
	}
	return code ? code :
		      read_port("PORT", word[want - 1], o->listen ? 0 : 1,
				&o->port);
}

int options_read(struct options *o, int argc, char **argv, bool *done)
{
	int code = EXIT_DONE, letter;
	const char *word;

	memset(o, 0, sizeof(*o));
	opterr = 0;
	while (!code) {
		word = optind < argc ? argv[optind] : "";
		letter = getopt_long(argc, argv, "+:lkqus:p:w:e:f:t:m:vVh",
				     names, NULL);
		if (letter < 0)
			break;
		if (letter == 'h' || letter == 'V') {
			*done = true;
			if (letter == 'h')
				fputs(help, stdout);
			else
				printf("utcpcat %s\n", utcp_version());
			return fflush(stdout) ?
				       say_failed(errno,
						  "cannot write the output") :
				       EXIT_DONE;
		}
		code = read_option(o, letter, word);
	}
	if (!code)
		code = check(o);
	if (!code)
		code = read_words(o, argc - optind, argv + optind);
	if (!o->type)
		o->type = SOCK_STREAM;
	if (!o->most)
		o->most = MOST;
	if (!o->wait && o->type == SOCK_DGRAM)
		o->wait = WAIT_DATAGRAM;
	return code;
}
