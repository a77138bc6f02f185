// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclrace MODE COUNT TAP POLICY - namespaces that send from the first instant
 *
 * Makes COUNT network namespaces, one after the other. In each a process sends by a
 * device p as soon as that is there: it looks for it, puts it up, and sends without a
 * pause, until its namespace ends or its link. The other end of p is h, here; in every
 * second turn p is made here and moves in. What ends first takes turns, too.
 *
 *   born	TAP is "any": what comes out by any h is looked for. Each try to send counts,
 *		since hooks in the namespace tell its process.
 *   free	The same, but only what was sent counts.
 *   port	h becomes a port of the bridge br0, another port of which has TAP on its
 *		other side. Before it is put up it is bound to POLICY.
 *   open	The same without a binding.
 *
 * Prints how many frames have come to TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netswitch.h>
#include <linux/utcp_acl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../lib/nl.h"

/* For local experiments (IEEE 802); nobody else sends it here. */
#define TYPE 0x88b6

/* So many frames are sent after the link is there before it ends again. */
#define ENOUGH 300

static unsigned long *sent; /* shared: by the process in the namespace */
static bool tries; /* count, too */
static FILE *ip; /* ip -batch, which does a line as it comes */

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* --- in the namespace -------------------------------------------------------------- */

static void put_up(int fd)
{
	struct ifreq r = { .ifr_name = "p" };

	if (!ioctl(fd, SIOCGIFFLAGS, &r)) {
		r.ifr_flags |= IFF_UP;
		ioctl(fd, SIOCSIFFLAGS, &r);
	}
}

static void send_on(int ready)
{
	unsigned char frame[64] = { 255, 255, 255,	 255,	     255,
				    255, 2,   0,	 0,	     0,
				    0,	 3,   TYPE >> 8, TYPE & 0xff };
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd;

	/* Whoever waits for what we print would wait for this one, too. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET))
		die("unshare");
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || write(ready, "r", 1) != 1)
		die("socket");
	for (;;) {
		bool ok;

		to.sll_ifindex = if_nametoindex("p");
		if (!to.sll_ifindex)
			continue;
		ok = sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to,
			    sizeof(to)) >= 0;
		if (!ok && (errno == ENETDOWN || errno == ENXIO))
			put_up(fd);
		else if (ok || tries)
			__atomic_add_fetch(sent, 1, __ATOMIC_RELAXED);
	}
}

/* --- here --------------------------------------------------------------------------- */

static unsigned long sent_now(void)
{
	return __atomic_load_n(sent, __ATOMIC_RELAXED);
}

static bool is_there(const char *dev)
{
	return if_nametoindex(dev);
}

static void wait_for_device(const char *dev, bool there)
{
	double end = now() + 60;

	while (is_there(dev) != there) {
		if (now() > end)
			die(dev);
		usleep(500);
	}
}

static void wait_for_link(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { .ifr_name = "h" };
	double end = now() + 60;

	do {
		if (now() > end)
			die("no link");
		usleep(500);
		if (ioctl(fd, SIOCGIFFLAGS, &r))
			die("h");
	} while (!(r.ifr_flags & IFF_RUNNING));
	close(fd);
}

static void wait_for_frames(void)
{
	unsigned long begin = sent_now();
	double end = now() + 60;

	while (sent_now() - begin < ENOUGH) {
		if (now() > end)
			die("nothing is sent");
		usleep(500);
	}
}

static void bind_h(struct client *netswitch, struct client *acl,
		   const char *policy)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh =
		client_begin(netswitch, buf, NETSWITCH_CMD_PORT_ADD);
	struct answer a;

	mnl_attr_put_strz(nlh, NETSWITCH_A_PORT_IFNAME, "h");
	mnl_attr_put_u32(nlh, NETSWITCH_A_PORT_FLAGS,
			 NETSWITCH_PORT_FLAGS_POLICY);
	client_ask(netswitch, nlh, &a);
	if (a.err)
		die(a.msg);
	nlh = client_begin(acl, buf, UTCP_ACL_CMD_BIND_SET);
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_IFNAME, "h");
	mnl_attr_put_strz(nlh, UTCP_ACL_A_BINDING_POLICY, policy);
	client_ask(acl, nlh, &a);
	if (a.err)
		die(a.msg);
}

/* A namespace, from before its birth to its end. */
static void turn(unsigned int i, bool bridged, struct client *netswitch,
		 struct client *acl, const char *policy)
{
	int ready[2];
	pid_t child;
	char c;

	if (pipe(ready))
		die("pipe");
	child = fork();
	if (!child)
		send_on(ready[1]);
	if (child < 0 || read(ready[0], &c, 1) != 1)
		die("the namespace");
	if (i % 2)
		fprintf(ip,
			"link add name h type veth peer name q\n"
			"link set dev q netns %d name p\n",
			child);
	else
		fprintf(ip, "link add name h type veth peer name p netns %d\n",
			child);
	wait_for_device("h", true);
	if (policy)
		bind_h(netswitch, acl, policy);
	fprintf(ip, bridged ? "link set dev h master br0 up\n" :
			      "link set dev h up\n");
	wait_for_link();
	wait_for_frames();
	if (i / 2 % 2)
		fprintf(ip, "link del dev h\n");
	else
		kill(child, SIGKILL);
	wait_for_device("h", false);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
}

/* ip, which does a line as it comes. */
static FILE *ip_start(pid_t *pid)
{
	int ends[2];
	FILE *to;

	if (pipe(ends))
		die("pipe");
	*pid = fork();
	if (*pid < 0)
		die("ip");
	if (!*pid) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("ip", "ip", "-batch", "-", NULL);
		die("ip");
	}
	close(ends[0]);
	to = fdopen(ends[1], "w");
	if (!to || fcntl(ends[1], F_SETFD, FD_CLOEXEC))
		die("ip");
	setvbuf(to, NULL, _IONBF, 0);
	return to;
}

static int ip_end(pid_t pid)
{
	int status;

	fclose(ip);
	return waitpid(pid, &status, 0) != pid || status;
}

static int open_tap(const char *dev)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (strcmp(dev, "any"))
		at.sll_ifindex = if_nametoindex(dev);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die(dev);
	return fd;
}

static unsigned long taken(int tap, int patience)
{
	struct pollfd p = { .fd = tap, .events = POLLIN };
	unsigned char bytes[256];
	unsigned long n = 0;

	while (poll(&p, 1, patience) > 0)
		if (recv(tap, bytes, sizeof(bytes), 0) > 14 &&
		    bytes[12] == TYPE >> 8 && bytes[13] == (TYPE & 0xff))
			n++;
	return n;
}

int main(int argc, char **argv)
{
	struct client netswitch, acl;
	unsigned long n = 0;
	unsigned int i;
	bool bridged;
	pid_t pid;
	int tap;

	if (argc != 5) {
		fprintf(stderr, "Usage: aclrace MODE COUNT TAP POLICY\n");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	sent = mmap(NULL, sizeof(*sent), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sent == MAP_FAILED)
		die("memory");
	ip = ip_start(&pid);
	tap = open_tap(argv[3]);
	tries = strcmp(argv[1], "born") == 0;
	bridged = !tries && strcmp(argv[1], "free");
	if (strcmp(argv[1], "port") == 0) {
		if (client_open(&netswitch,
				family_find(NETSWITCH_FAMILY_NAME)) ||
		    client_open(&acl, family_find(UTCP_ACL_FAMILY_NAME)))
			die("netlink");
	} else {
		argv[4] = NULL;
	}
	for (i = 0; i < strtoul(argv[2], NULL, 10); i++) {
		turn(i, bridged, &netswitch, &acl, argv[4]);
		n += taken(tap, 0);
	}
	n += taken(tap, 200);
	printf("%lu\n", n);
	return ip_end(pid);
}
