// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESETs of a lane that wait to be sent.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "lane.h"

/**
 * utcp_lane_free_resets() - forget them
 * @lane: the lane
 */
void utcp_lane_free_resets(struct utcp_lane *lane)
{
	if (lane->resets != lane->few_resets)
		kfree(lane->resets);
	lane->resets = lane->few_resets;
	lane->resets_room = ARRAY_SIZE(lane->few_resets);
	lane->n_resets = 0;
}

static bool more_resets(struct utcp_lane *lane)
{
	u32 room = max_t(u32, 2 * lane->resets_room, UTCP_LANE_RESETS);
	struct utcp_lane_reset *resets;

	if (room > UTCP_LANE_RESETS_MAX)
		return false;
	resets =
		kmalloc_array(room, sizeof(*resets), GFP_ATOMIC | __GFP_NOWARN);
	if (!resets)
		return false;
	memcpy(resets, lane->resets, lane->n_resets * sizeof(*resets));
	if (lane->resets != lane->few_resets)
		kfree(lane->resets);
	lane->resets = resets;
	lane->resets_room = room;
	return true;
}

/**
 * utcp_lane_queue_reset() - the other end is to be told
 * @lane: the lane
 * @conn: number of the connection
 * @code: enum utcp_reset_code
 * @was: there was such a connection, and the other end would keep it for as long as the
 *	session lasts; else it is an answer, of which there may be too many
 */
void utcp_lane_queue_reset(struct utcp_lane *lane, u32 conn, u32 code, bool was)
{
	if (!was && lane->n_resets >= UTCP_LANE_RESETS)
		return;
	if (lane->n_resets == lane->resets_room && !more_resets(lane))
		return;
	lane->resets[lane->n_resets++] = (struct utcp_lane_reset){ conn, code };
}

/**
 * utcp_lane_fill_resets() - as many as there is room for
 * @lane: the lane
 * @w: the room of a frame
 * @sent: what is in the frame; items are added
 *
 * The last one first: they know no order.
 */
void utcp_lane_fill_resets(struct utcp_lane *lane, struct utcp_writer *w,
			   struct utcp_sent *sent)
{
	while (lane->n_resets && sent->n < UTCP_SENT_ITEMS) {
		const struct utcp_lane_reset *reset =
			&lane->resets[lane->n_resets - 1];

		if (!utcp_put_reset(w, reset->conn, reset->code))
			break;
		sent->items[sent->n++] = (struct utcp_sent_item){
			.type = UTCP_CHUNK_RESET,
			.conn = reset->conn,
			.offset = reset->code,
		};
		lane->n_resets--;
	}
	if (!lane->n_resets && lane->resets_room > UTCP_LANE_RESETS)
		utcp_lane_free_resets(lane);
}
