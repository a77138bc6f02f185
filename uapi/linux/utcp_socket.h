/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Sockets of UTCP: what programs give to socket(), bind() and connect(), their options,
 * and what sock_diag tells about them. See utcp(7). Numbers never change.
 */
#ifndef _UAPI_LINUX_UTCP_SOCKET_H
#define _UAPI_LINUX_UTCP_SOCKET_H

#include <linux/socket.h>
#include <linux/types.h>

/* AF_ECONET's number, which Linux does not use any more. */
#define AF_UTCP 19
#define PF_UTCP AF_UTCP

/* Bytes of a CellID, and of a public key. */
#define UTCP_CELL_ID_BYTES 16
#define UTCP_CELL_KEY_BYTES 32

/* Longest message of SOCK_SEQPACKET, and longest datagram that a frame can have. */
#define UTCP_MESSAGE_MAX 1048576
#define UTCP_DATAGRAM_MAX 65493

/**
 * struct sockaddr_utcp - an address: a port of a cell
 * @sutcp_family: AF_UTCP
 * @sutcp_port: port, in the machine's byte order; 0: any
 * @sutcp_cell: CellID; zeros: the namespace's default cell (bind)
 * @sutcp_zero: must be zero
 */
struct sockaddr_utcp {
	__kernel_sa_family_t sutcp_family;
	__u16 sutcp_port;
	__u8 sutcp_cell[UTCP_CELL_ID_BYTES];
	__u8 sutcp_zero[12];
};

/* Level of setsockopt() and getsockopt(). */
#define SOL_UTCP 319

/* Own cell and peer (get): CellID, public key. */
#define UTCP_LOCAL_CELL 1
#define UTCP_LOCAL_KEY 2
#define UTCP_PEER_CELL 3
#define UTCP_PEER_KEY 4
/* Get: struct utcp_info. */
#define UTCP_INFO 5
/* int, 0 or 1: changes nothing, for small pieces are sent at once in any case. */
#define UTCP_NODELAY 6
/* Name of the congestion control: "cubic". */
#define UTCP_CONGESTION 7
/* u32, milliseconds: how long written bytes may stay unacknowledged while nothing is heard of
 * the peer; 0: 900 s.
 */
#define UTCP_USER_TIMEOUT 8
/* int: seconds until the first probe and between probes (1 to 32767), and how many
 * (1 to 127); with SO_KEEPALIVE.
 */
#define UTCP_KEEPIDLE 9
#define UTCP_KEEPINTVL 10
#define UTCP_KEEPCNT 11

/* Names of congestion controls are shorter. */
#define UTCP_CONGESTION_NAME_MAX 16

/* Bits of utcp_info.flags: this end opened the connection; it stays inside its
 * namespace, without frames (path and losses are 0 then).
 */
#define UTCP_INFO_OPENER 1
#define UTCP_INFO_LOCAL 2

/**
 * struct utcp_info - about a socket and its connection
 * @state: as TCP's: 1 established, 2 connecting, 4 and 5 own end shut down, 7 closed,
 *	8 the other end has ended, 10 listens, 11 both have
 * @type: SOCK_STREAM, SOCK_SEQPACKET or SOCK_DGRAM
 * @flags: UTCP_INFO_…
 * @rcv_queue: bytes that have come, in order, and were not read, those of messages that are not
 *	complete, too; datagrams: memory that they take; listener: connections that wait
 * @snd_queue: bytes that wait for their acknowledgment; datagrams: memory of those that are
 *	not yet in a queue; listener: its backlog
 * @rcv_window: bytes that the other end may still send
 * @snd_window: bytes that may still be written within the other end's window
 * @longest: longest message that the other end takes; stream: 0; datagrams: longest one
 *	that reaches the peer now, if the socket is connected
 * @drops: datagrams that were dropped because the queue was full
 * @bytes_sent: bytes that were sent once
 * @bytes_acked: bytes of them that have arrived
 * @bytes_received: bytes that have come, in order
 * @rtt: smoothed round trip, in microseconds
 * @rttvar: its variation, in microseconds
 * @cwnd: congestion window, in bytes
 * @in_flight: bytes of frames that are on their way
 * @mtu: bytes of a frame on the path
 * @lost: frames of this lane that were found lost
 * @delivery_rate: bytes of frames a second that arrived of late, measured over a round trip
 *	or more while frames were under way all the time; 0: there was no such time. Where the
 *	window was not used up, it counts only if it is more than before
 *
 * @rtt to @delivery_rate are of a path to another host, which all connections and datagrams of two
 * cells share.
 *
 * It grows at its end; getsockopt() gives as much as there is room for.
 */
struct utcp_info {
	__u8 state;
	__u8 type;
	__u16 flags;
	__u32 rcv_queue;
	__u32 snd_queue;
	__u32 rcv_window;
	__u32 snd_window;
	__u32 longest;
	__u32 drops;
	__u32 rtt;
	__u32 rttvar;
	__u32 mtu;
	__u64 bytes_sent;
	__u64 bytes_acked;
	__u64 bytes_received;
	__u64 cwnd;
	__u64 in_flight;
	__u64 lost;
	__u64 delivery_rate;
};

/**
 * struct utcp_diag_req - which sockets sock_diag (SOCK_DIAG_BY_FAMILY) is to dump
 * @sdiag_family: AF_UTCP
 * @sdiag_type: SOCK_…; 0: any
 * @pad: must be zero
 * @udiag_states: bit 1 << state for each state that is wanted
 * @udiag_port: own port; 0: any
 * @udiag_peer_port: port of the peer; 0: any
 * @udiag_show: must be zero
 * @udiag_cell: own cell or peer; zeros: any
 */
struct utcp_diag_req {
	__u8 sdiag_family;
	__u8 sdiag_type;
	__u16 pad;
	__u32 udiag_states;
	__u16 udiag_port;
	__u16 udiag_peer_port;
	__u32 udiag_show;
	__u8 udiag_cell[UTCP_CELL_ID_BYTES];
};

/**
 * struct utcp_diag_msg - a socket
 * @udiag_family: AF_UTCP
 * @udiag_type: SOCK_…
 * @udiag_state: as utcp_info.state
 * @udiag_shutdown: 1: receives no more; 2: sends no more
 * @udiag_port: own port; 0: not bound
 * @udiag_peer_port: port of the peer; 0: none
 * @udiag_uid: user
 * @udiag_ino: inode; 0: no program has it
 * @udiag_cookie: names it, as for other families
 * @udiag_cell: own cell; zeros: not bound
 * @udiag_peer: peer; zeros: none
 *
 * Attributes follow, see below.
 */
struct utcp_diag_msg {
	__u8 udiag_family;
	__u8 udiag_type;
	__u8 udiag_state;
	__u8 udiag_shutdown;
	__u16 udiag_port;
	__u16 udiag_peer_port;
	__u32 udiag_uid;
	__u32 udiag_ino;
	__u32 udiag_cookie[2];
	__u8 udiag_cell[UTCP_CELL_ID_BYTES];
	__u8 udiag_peer[UTCP_CELL_ID_BYTES];
};

/* Attributes of utcp_diag_msg: struct utcp_info; as SK_MEMINFO_…. */
#define UTCP_DIAG_INFO 1
#define UTCP_DIAG_MEMINFO 2

#endif /* _UAPI_LINUX_UTCP_SOCKET_H */
