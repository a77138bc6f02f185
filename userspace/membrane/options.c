// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../utcpctl/number.h"
#include "options.h"

/* Debian's nobody and nogroup. */
#define NOBODY 65534

static const char help[] =
	"usage: membrane [OPTIONS] DEV\n"
	"\n"
	"An IP stack (lwIP) in a process without any right: it owns ARP, IPv4 and IPv6 of\n"
	"the port DEV by rings of netswitch, answers ping, and serves pages by HTTP.\n"
	"\n"
	"  -4, --ip4 ADDRESS/BITS   IPv4 address\n"
	"  -g, --gateway ADDRESS    IPv4 router\n"
	"  -6, --ip6 ADDRESS        IPv6 address, of a network of 64 bits; besides the\n"
	"                           link-local one\n"
	"  -p, --port NUMBER        TCP port (80)\n"
	"  -d, --root FOLDER        serve the files in it, as they are at the start\n"
	"  -t, --timeout SECONDS    for a request, and for an answer to get on (30)\n"
	"  -u, --uid NUMBER         the user that the stack runs as (65534)\n"
	"  -G, --gid NUMBER         and its group (65534)\n"
	"  -a, --add-port           make DEV a port if it is none\n"
	"  -r, --restart            start the stack again when it was killed\n"
	"  -h, --help               this text\n"
	"\n"
	"Exit status: 0 ended by SIGTERM or SIGINT; 1 usage; 2 refused, or the stack was\n"
	"killed; 3 not there; 4 in use; 5 not allowed.\n";

enum { OPT_STACK = 256 };

static const struct option names[] = {
	{ "ip4", required_argument, NULL, '4' },
	{ "gateway", required_argument, NULL, 'g' },
	{ "ip6", required_argument, NULL, '6' },
	{ "port", required_argument, NULL, 'p' },
	{ "root", required_argument, NULL, 'd' },
	{ "timeout", required_argument, NULL, 't' },
	{ "uid", required_argument, NULL, 'u' },
	{ "gid", required_argument, NULL, 'G' },
	{ "add-port", no_argument, NULL, 'a' },
	{ "restart", no_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	/* for the parent alone: FIRST-DESCRIPTOR:MTU:PARENT */
	{ "stack", required_argument, NULL, OPT_STACK },
	{ NULL, 0, NULL, 0 },
};

static uint32_t read_number(const char *what, const char *text, uint32_t min,
			    uint32_t max)
{
	uint32_t value;
	const char *wrong = number_u32(text, LIBUTCP_UNIT_COUNT, &value);

	if (wrong)
		errx(EXIT_USAGE, "%s: \"%s\" is not a number: %s", what, text,
		     wrong);
	if (value < min || value > max)
		errx(EXIT_USAGE, "%s: %u is not within %u to %u", what, value,
		     min, max);
	return value;
}

static uint32_t read_ip4(const char *text)
{
	struct in_addr in;
	uint32_t host;

	if (inet_pton(AF_INET, text, &in) != 1)
		errx(EXIT_USAGE, "\"%s\" is not an IPv4 address", text);
	host = ntohl(in.s_addr);
	/* this network, loopback, groups and what is reserved */
	if (!(host >> 24) || host >> 24 == 127 || host >> 24 >= 224)
		errx(EXIT_USAGE, "%s cannot be a station's address", text);
	return in.s_addr;
}

static void read_network(struct options *o, const char *text)
{
	char address[INET_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	uint32_t bits, host;

	if (!slash || (size_t)(slash - text) >= sizeof(address))
		errx(EXIT_USAGE, "\"%s\" is not ADDRESS/BITS", text);
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	o->ip4 = read_ip4(address);
	bits = read_number("--ip4", slash + 1, 1, 30);
	o->mask4 = htonl(UINT32_MAX << (32 - bits));
	host = o->ip4 & ~o->mask4;
	if (!host || host == ~o->mask4)
		errx(EXIT_USAGE, "%s: not a station of its network", text);
}

static void read_ip6(struct options *o, const char *text)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	if (inet_pton(AF_INET6, text, o->ip6) != 1)
		errx(EXIT_USAGE,
		     "\"%s\" is not an IPv6 address (without /BITS)", text);
	/* link-local, group, mapped and the like, and those of nobody */
	if (!(o->ip6[0] & 0xe0) || o->ip6[0] == 0xff ||
	    (o->ip6[0] == 0xfe && (o->ip6[1] & 0xc0) == 0x80) ||
	    memcmp(o->ip6, loopback, sizeof(loopback)) == 0)
		errx(EXIT_USAGE, "%s: not a station's global address", text);
	o->has_ip6 = true;
}

static void read_stack(struct options *o, const char *text)
{
	int first, parent;

	if (sscanf(text, "%d:%u:%d", &first, &o->args.mtu, &parent) != 3)
		errx(EXIT_USAGE, "--stack is not for you");
	for (int i = 0; i < RINGS; i++)
		o->args.fd[i] = first + i;
	o->args.parent = parent;
	o->stack = true;
}

static void read_option(struct options *o, int option)
{
	switch (option) {
	case '4':
		read_network(o, optarg);
		break;
	case 'g':
		o->gateway4 = read_ip4(optarg);
		break;
	case '6':
		read_ip6(o, optarg);
		break;
	case 'p':
		o->port = (uint16_t)read_number("--port", optarg, 1, 65535);
		break;
	case 'd':
		o->root = optarg;
		break;
	case 't':
		o->timeout = read_number("--timeout", optarg, 1, 3600);
		break;
	case 'u':
		o->uid = read_number("--uid", optarg, 1, UINT32_MAX - 1);
		break;
	case 'G':
		o->gid = read_number("--gid", optarg, 1, UINT32_MAX - 1);
		break;
	case 'a':
		o->add_port = true;
		break;
	case 'r':
		o->restart = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(EXIT_DONE);
	case OPT_STACK:
		read_stack(o, optarg);
		break;
	default:
		/* getopt has said what is wrong */
		fputs("\"membrane --help\" tells more\n", stderr);
		exit(EXIT_USAGE);
	}
}

void options_read(struct options *o, int argc, char **argv)
{
	int option;

	*o = (struct options){
		.port = 80, .timeout = 30, .uid = NOBODY, .gid = NOBODY
	};
	while ((option = getopt_long(argc, argv, "4:g:6:p:d:t:u:G:arh", names,
				     NULL)) != -1)
		read_option(o, option);
	if (argc - optind != 1)
		errx(EXIT_USAGE,
		     argc == optind ? "which device?" : "more than one device");
	o->device = argv[optind];
	if (!*o->device || strlen(o->device) > 15)
		errx(EXIT_USAGE, "\"%s\" is no name of a device", o->device);
	if (!o->ip4 && !o->has_ip6)
		errx(EXIT_USAGE, "an address is needed: --ip4 or --ip6");
	if (o->gateway4 && (!o->ip4 || (o->gateway4 ^ o->ip4) & o->mask4))
		errx(EXIT_USAGE, "--gateway: not in the network of --ip4");
}

enum exit_code exit_code_of(int err)
{
	switch (err) {
	case ENODEV:
	case ENOENT:
	case ENXIO:
	case EOPNOTSUPP:
		return EXIT_NOT_FOUND;
	case EBUSY:
	case ETIMEDOUT:
		return EXIT_BUSY;
	case EPERM:
	case EACCES:
		return EXIT_PERMISSION;
	default:
		return EXIT_FAILED;
	}
}
