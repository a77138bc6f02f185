-- SPDX-License-Identifier: GPL-2.0-only
--
-- UTCP/1 (EtherType 0x88B5) for Wireshark and tshark, as Documentation/networking/utcp.rst
-- has it. What is sealed is shown as it is, unless a key log has the key of the frame:
-- then it is opened, if its tag is right, and its chunks are shown.
--
--   tshark -X lua_script:utcp.lua -r FILE
--   tshark -X lua_script:utcp.lua -o utcp.keylog:KEYS -r FILE
--
-- A line of the key log is: UTCP1 INDEX LANE SUITE EPOCH KEY, the receiver index of the
-- frames and the key in hexadecimal digits, the others decimal; # begins a comment.
--
-- Wireshark 4.0 gives Lua no cryptography, so ChaCha20-Poly1305 (RFC 8439) is done here:
-- slow (thousands of bytes a second), and never meant for anything but looking.

local utcp = Proto("utcp", "UTCP/1")

local TYPES = {
	[0x01] = "who-has",
	[0x02] = "i-have",
	[0x03] = "initiation",
	[0x04] = "response",
	[0x05] = "cookie reply",
	[0x10] = "data",
}
local LENGTHS = {
	[0x01] = 84, [0x02] = 84, [0x03] = 172, [0x04] = 108, [0x05] = 56,
}
local CHUNKS = {
	[0x00] = "PAD",
	[0x01] = "ACK",
	[0x02] = "PING",
	[0x03] = "PATH_CHALLENGE",
	[0x04] = "PATH_RESPONSE",
	[0x05] = "CLOSE",
	[0x10] = "OPEN",
	[0x11] = "ACCEPT",
	[0x12] = "DATA",
	[0x13] = "WINDOW",
	[0x14] = "RESET",
	[0x15] = "DATAGRAM",
}
local KINDS = { [1] = "stream", [2] = "seqpacket" }
local RESETS = {
	[0] = "aborted by the program",
	[1] = "nobody listens on the port",
	[2] = "the listener's queue is full",
	[3] = "not allowed",
	[4] = "the listener is of another kind",
	[5] = "more was sent than granted",
	[6] = "contradictory data, EOR or FIN",
	[7] = "message too long",
	[8] = "these two ports are connected already",
	[9] = "closed with bytes unread",
	[10] = "timed out",
	[11] = "no such connection",
	[12] = "no resources",
}
local CLOSES = {
	[0] = "nothing was said for long",
	[1] = "the administrator removed the peer",
	[2] = "the peer does not keep the protocol",
	[3] = "the cell was removed, or has another realm",
	[4] = "room was needed",
}

local f = {
	version = ProtoField.uint8("utcp.version", "Version", base.HEX),
	type = ProtoField.uint8("utcp.type", "Type", base.HEX, TYPES),
	length = ProtoField.uint16("utcp.length", "Length"),
	nonce = ProtoField.bytes("utcp.nonce", "Nonce"),
	target = ProtoField.bytes("utcp.target", "Target"),
	salt = ProtoField.bytes("utcp.salt", "Salt"),
	sealed_key = ProtoField.bytes("utcp.sealed_key", "Sealed public key"),
	sender = ProtoField.uint32("utcp.sender", "Sender index", base.HEX),
	receiver = ProtoField.uint32("utcp.receiver", "Receiver index", base.HEX),
	hint = ProtoField.uint8("utcp.hint", "Hint", base.HEX),
	ephemeral = ProtoField.bytes("utcp.ephemeral", "Ephemeral public key"),
	sealed_static = ProtoField.bytes("utcp.sealed_static", "Sealed static key"),
	sealed_payload = ProtoField.bytes("utcp.sealed_payload", "Sealed payload"),
	mac1 = ProtoField.bytes("utcp.mac1", "mac1"),
	mac2 = ProtoField.bytes("utcp.mac2", "mac2"),
	sealed_cookie = ProtoField.bytes("utcp.sealed_cookie", "Sealed cookie"),
	lane = ProtoField.uint16("utcp.lane", "Lane"),
	counter = ProtoField.uint64("utcp.counter", "Counter"),
	sealed = ProtoField.bytes("utcp.sealed", "Ciphertext"),
	tag = ProtoField.bytes("utcp.tag", "Tag"),
	answers = ProtoField.framenum("utcp.answers", "Answers"),
	zero = ProtoField.bytes("utcp.zero", "Zero"),
	padding = ProtoField.bytes("utcp.padding", "Padding of Ethernet"),
	chunk = ProtoField.uint8("utcp.chunk", "Chunk", base.HEX, CHUNKS),
	chunk_flags = ProtoField.uint8("utcp.chunk.flags", "Flags", base.HEX),
	chunk_length = ProtoField.uint16("utcp.chunk.length", "Length"),
	fin = ProtoField.bool("utcp.chunk.fin", "FIN", 8, nil, 0x01),
	eor = ProtoField.bool("utcp.chunk.eor", "EOR", 8, nil, 0x02),
	connection = ProtoField.uint32("utcp.connection", "Connection"),
	source = ProtoField.uint16("utcp.srcport", "Own port"),
	target_port = ProtoField.uint16("utcp.dstport", "Port that is called"),
	kind = ProtoField.uint8("utcp.kind", "Kind", base.DEC, KINDS),
	window = ProtoField.uint64("utcp.window", "Window"),
	longest = ProtoField.uint32("utcp.longest", "Longest message"),
	offset = ProtoField.uint64("utcp.offset", "Offset"),
	data = ProtoField.bytes("utcp.data", "Data"),
	reset = ProtoField.uint32("utcp.reset", "Code", base.DEC, RESETS),
	close = ProtoField.uint32("utcp.close", "Code", base.DEC, CLOSES),
	ack_index = ProtoField.uint32("utcp.ack.index", "Index", base.HEX),
	greatest = ProtoField.uint64("utcp.ack.greatest", "Greatest"),
	delay = ProtoField.uint32("utcp.ack.delay", "Delay (microseconds)"),
	first = ProtoField.uint32("utcp.ack.first", "First"),
	gap = ProtoField.uint32("utcp.ack.gap", "Gap"),
	run = ProtoField.uint32("utcp.ack.run", "Run"),
	challenge = ProtoField.bytes("utcp.challenge", "Challenge"),
}
utcp.fields = f

local e = {
	version = ProtoExpert.new("utcp.expert.version", "Another version",
				  expert.group.PROTOCOL, expert.severity.WARN),
	type = ProtoExpert.new("utcp.expert.type", "Unknown type",
			       expert.group.PROTOCOL, expert.severity.WARN),
	length = ProtoExpert.new("utcp.expert.length", "A length that the type does not allow",
				 expert.group.MALFORMED, expert.severity.ERROR),
	short = ProtoExpert.new("utcp.expert.short", "Fewer bytes are there",
				expert.group.MALFORMED, expert.severity.ERROR),
	reserved = ProtoExpert.new("utcp.expert.reserved", "Must be zero",
				   expert.group.PROTOCOL, expert.severity.WARN),
	tag = ProtoExpert.new("utcp.expert.tag", "No key of the log opens it",
			      expert.group.DECRYPTION, expert.severity.NOTE),
	chunk = ProtoExpert.new("utcp.expert.chunk", "Malformed chunk",
				expert.group.MALFORMED, expert.severity.ERROR),
}
utcp.experts = e

utcp.prefs.keylog = Pref.string("Key log", "", "File with the keys of frames, see utcp.lua")

-- --- ChaCha20-Poly1305 -----------------------------------------------------------

local band, bor, bxor = bit.band, bit.bor, bit.bxor
local rol, rshift, tobit = bit.rol, bit.rshift, bit.tobit

-- The word of four bytes of a string, the first one the least.
local function word(s, at)
	local a, b, c, d = s:byte(at, at + 3)

	return tobit(a + b * 0x100 + c * 0x10000 + d * 0x1000000)
end

local function quarter(x, a, b, c, d)
	x[a] = tobit(x[a] + x[b])
	x[d] = rol(bxor(x[d], x[a]), 16)
	x[c] = tobit(x[c] + x[d])
	x[b] = rol(bxor(x[b], x[c]), 12)
	x[a] = tobit(x[a] + x[b])
	x[d] = rol(bxor(x[d], x[a]), 8)
	x[c] = tobit(x[c] + x[d])
	x[b] = rol(bxor(x[b], x[c]), 7)
end

-- 64 bytes of key stream, as 16 words.
local function chacha_block(key, nonce, number)
	local start = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }
	local x = {}

	for i = 0, 7 do
		start[5 + i] = word(key, 1 + 4 * i)
	end
	start[13] = number
	for i = 0, 2 do
		start[14 + i] = word(nonce, 1 + 4 * i)
	end
	for i = 1, 16 do
		x[i] = start[i]
	end
	for _ = 1, 10 do
		quarter(x, 1, 5, 9, 13)
		quarter(x, 2, 6, 10, 14)
		quarter(x, 3, 7, 11, 15)
		quarter(x, 4, 8, 12, 16)
		quarter(x, 1, 6, 11, 16)
		quarter(x, 2, 7, 12, 13)
		quarter(x, 3, 8, 9, 14)
		quarter(x, 4, 5, 10, 15)
	end
	for i = 1, 16 do
		x[i] = tobit(x[i] + start[i])
	end
	return x
end

local function bytes_of(w)
	return string.char(band(w, 255), band(rshift(w, 8), 255), band(rshift(w, 16), 255),
			   band(rshift(w, 24), 255))
end

local function chacha(key, nonce, text)
	local out = {}

	for at = 1, #text, 64 do
		local stream = chacha_block(key, nonce, (at + 63) / 64)
		local part = text:sub(at, at + 63)

		part = part .. string.rep("\0", -#part % 4)
		for i = 1, #part / 4 do
			out[#out + 1] = bytes_of(bxor(word(part, 4 * i - 3), stream[i]))
		end
	end
	return table.concat(out):sub(1, #text)
end

-- Numbers of 130 bits are ten limbs of 13: products, and sums of ten of them five times,
-- are far below the 53 bits that a number of Lua holds.
local LIMBS, LIMB = 10, 8192

local function limbs(s)
	local x, bits, have = {}, 0, 0

	for i = 1, #s do
		bits = bits + s:byte(i) * 2 ^ have
		have = have + 8
		if have >= 13 then
			x[#x + 1] = bits % LIMB
			bits = math.floor(bits / LIMB)
			have = have - 13
		end
	end
	x[#x + 1] = bits
	while #x < LIMBS do
		x[#x + 1] = 0
	end
	return x
end

-- What is beyond 2^130 counts five times: 2^130 is 5, modulo 2^130 - 5.
local function carry(x)
	local over = 0

	for i = 1, LIMBS do
		local v = x[i] + over

		x[i] = v % LIMB
		over = math.floor(v / LIMB)
	end
	x[1] = x[1] + 5 * over
end

local function multiply(x, y)
	local z = {}

	for i = 1, LIMBS do
		local sum = 0

		for j = 1, LIMBS do
			local k = i - j + 1

			if k >= 1 then
				sum = sum + x[j] * y[k]
			else
				sum = sum + 5 * x[j] * y[k + LIMBS]
			end
		end
		z[i] = sum
	end
	carry(z)
	carry(z)
	return z
end

-- The 16 lower bytes of x modulo 2^130 - 5, plus s.
local function finish(x, s)
	local y, over, out = {}, 5, {}

	for _ = 1, 3 do
		carry(x)
	end
	-- x + 5 is beyond 2^130 if x is not below the modulus.
	for i = 1, LIMBS do
		local v = x[i] + over

		y[i] = v % LIMB
		over = math.floor(v / LIMB)
	end
	if over > 0 then
		x = y
	end
	local bits, have, at, sum = 0, 0, 1, 0

	for i = 1, 16 do
		while have < 8 do
			bits = bits + x[at] * 2 ^ have
			have = have + 13
			at = at + 1
		end
		sum = math.floor(sum / 256) + bits % 256 + s:byte(i)
		out[i] = string.char(sum % 256)
		bits = math.floor(bits / 256)
		have = have - 8
	end
	return table.concat(out)
end

local function poly1305(key, text)
	local r, h = {}, limbs("")

	for i = 1, 16 do
		local b = key:byte(i)

		if i % 4 == 0 then
			b = band(b, 15)
		elseif i % 4 == 1 and i > 1 then
			b = band(b, 252)
		end
		r[i] = string.char(b)
	end
	r = limbs(table.concat(r))
	for at = 1, #text, 16 do
		local part = limbs(text:sub(at, at + 15) .. "\1")

		for i = 1, LIMBS do
			h[i] = h[i] + part[i]
		end
		h = multiply(h, r)
	end
	return finish(h, key:sub(17, 32))
end

local function padded(s)
	return s .. string.rep("\0", -#s % 16)
end

local function length_of(s)
	return bytes_of(#s) .. "\0\0\0\0"
end

-- The plaintext, or nil if the tag is not right.
local function open(key, nonce, ad, sealed, tag)
	local first = chacha_block(key, nonce, 0)
	local one_time = {}

	for i = 1, 8 do
		one_time[i] = bytes_of(first[i])
	end
	if poly1305(table.concat(one_time), padded(ad) .. padded(sealed) ..
		    length_of(ad) .. length_of(sealed)) ~= tag then
		return nil
	end
	return chacha(key, nonce, sealed)
end

-- --- the key log -------------------------------------------------------------------

-- By index, lane, suite and epoch, a list of keys: indices are chosen at random, and by
-- each end for itself, so one may come twice.
local keys = {}
local opened = {}

local function read_keylog(path)
	keys = {}
	if path == "" then
		return
	end
	local file, why = io.open(path, "r")

	if not file then
		report_failure("UTCP: key log: " .. why)
		return
	end
	for line in file:lines() do
		local index, lane, suite, epoch, key = line:gsub("#.*", ""):match(
			"^%s*UTCP1%s+(%x+)%s+(%d+)%s+(%d+)%s+(%d+)%s+(%x+)%s*$")

		if key and #key == 64 then
			local id = string.format("%08x %d", tonumber(index, 16), tonumber(lane))
			local list = keys[id] or {}

			-- Of suite 1 there is one epoch.
			if suite == "1" and epoch == "0" then
				list[#list + 1] = key:gsub("%x%x", function(x)
					return string.char(tonumber(x, 16))
				end)
			end
			keys[id] = list
		end
	end
	file:close()
end

-- The plaintext of a data frame, or nil, and whether a key was there.
local function plaintext(number, tvb, length)
	if opened[number] ~= nil then
		return opened[number] or nil, true
	end
	local id = string.format("%08x %d", tvb(4, 4):uint(), tvb(8, 2):uint())

	if not keys[id] then
		return nil, false
	end
	local raw = tvb(0, length):raw()
	local nonce = "\0\0\0\0" .. raw:sub(11, 18):reverse()

	opened[number] = false
	for _, key in ipairs(keys[id]) do
		local plain = open(key, nonce, raw:sub(1, 18), raw:sub(19, length - 16),
				   raw:sub(length - 15, length))
		if plain then
			opened[number] = plain
			return plain, true
		end
	end
	return nil, true
end

-- --- frames ------------------------------------------------------------------------

local function add_zero(tree, tvb, offset, length)
	local item = tree:add(f.zero, tvb(offset, length))

	if tvb(offset, length):raw() ~= string.rep("\0", length) then
		item:add_proto_expert_info(e.reserved)
	end
end

-- Frames of handshakes, by what an answer names: nonce or index.
local questions = {}

local function asked(kind, id, number)
	questions[kind .. id] = questions[kind .. id] or number
end

local function answers(tree, kind, id, number)
	local question = questions[kind .. id]

	if question and question < number then
		tree:add(f.answers, question):set_generated()
	end
end

local function who_has(tvb, tree, number)
	tree:add(f.nonce, tvb(4, 16))
	tree:add(f.target, tvb(20, 16))
	add_zero(tree, tvb, 36, 48)
	asked("nonce", tvb(4, 16):raw(), number)
	return ""
end

local function i_have(tvb, tree, number)
	tree:add(f.nonce, tvb(4, 16))
	tree:add(f.salt, tvb(20, 16))
	tree:add(f.sealed_key, tvb(36, 48))
	answers(tree, "nonce", tvb(4, 16):raw(), number)
	return ""
end

local function initiation(tvb, tree, number)
	tree:add(f.sender, tvb(4, 4))
	tree:add(f.hint, tvb(8, 1))
	add_zero(tree, tvb, 9, 3)
	tree:add(f.ephemeral, tvb(12, 32))
	tree:add(f.sealed_static, tvb(44, 48))
	tree:add(f.sealed_payload, tvb(92, 48))
	tree:add(f.mac1, tvb(140, 16))
	local mac2 = tree:add(f.mac2, tvb(156, 16))
	local cookie = tvb(156, 16):raw() ~= string.rep("\0", 16)

	if not cookie then
		mac2:append_text(" (no cookie)")
	end
	asked("index", tvb(4, 4):raw(), number)
	return string.format(", sender 0x%08x%s", tvb(4, 4):uint(), cookie and ", cookie" or "")
end

local function response(tvb, tree, number)
	tree:add(f.sender, tvb(4, 4))
	tree:add(f.receiver, tvb(8, 4))
	tree:add(f.ephemeral, tvb(12, 32))
	tree:add(f.sealed_payload, tvb(44, 48))
	tree:add(f.mac1, tvb(92, 16))
	answers(tree, "index", tvb(8, 4):raw(), number)
	return string.format(", sender 0x%08x, receiver 0x%08x", tvb(4, 4):uint(),
			     tvb(8, 4):uint())
end

local function cookie_reply(tvb, tree, number)
	tree:add(f.receiver, tvb(4, 4))
	tree:add(f.salt, tvb(8, 16))
	tree:add(f.sealed_cookie, tvb(24, 32))
	answers(tree, "index", tvb(4, 4):raw(), number)
	return string.format(", receiver 0x%08x", tvb(4, 4):uint())
end

-- --- chunks ------------------------------------------------------------------------

local chunk_lengths = {
	[0x02] = 4, [0x03] = 20, [0x04] = 20, [0x05] = 8, [0x10] = 28, [0x11] = 20,
	[0x13] = 16, [0x14] = 12,
}
local chunk_least = { [0x01] = 24, [0x12] = 16, [0x15] = 8 }

local function ack(tvb, tree)
	tree:add(f.ack_index, tvb(4, 4))
	tree:add(f.greatest, tvb(8, 8))
	tree:add(f.delay, tvb(16, 4))
	tree:add(f.first, tvb(20, 4))
	for at = 24, tvb:len() - 8, 8 do
		tree:add(f.gap, tvb(at, 4))
		tree:add(f.run, tvb(at + 4, 4))
	end
	return " " .. tostring(tvb(8, 8):uint64())
end

local function challenge(tvb, tree)
	tree:add(f.challenge, tvb(4, 16))
	return ""
end

local function close(tvb, tree)
	tree:add(f.close, tvb(4, 4))
	return string.format(" %d", tvb(4, 4):uint())
end

local function opens(tvb, tree)
	tree:add(f.connection, tvb(4, 4))
	tree:add(f.source, tvb(8, 2))
	tree:add(f.target_port, tvb(10, 2))
	tree:add(f.kind, tvb(12, 1))
	add_zero(tree, tvb, 13, 3)
	tree:add(f.window, tvb(16, 8))
	tree:add(f.longest, tvb(24, 4))
	return string.format(" %d > %d", tvb(8, 2):uint(), tvb(10, 2):uint())
end

local function accept(tvb, tree)
	tree:add(f.connection, tvb(4, 4))
	tree:add(f.window, tvb(8, 8))
	tree:add(f.longest, tvb(16, 4))
	return ""
end

local function data(tvb, tree)
	tree:add(f.fin, tvb(1, 1))
	tree:add(f.eor, tvb(1, 1))
	tree:add(f.connection, tvb(4, 4))
	tree:add(f.offset, tvb(8, 8))
	if tvb:len() > 16 then
		tree:add(f.data, tvb(16))
	end
	return string.format(" %d%s", tvb:len() - 16, band(tvb(1, 1):uint(), 1) == 1 and " FIN" or "")
end

local function window(tvb, tree)
	tree:add(f.connection, tvb(4, 4))
	tree:add(f.window, tvb(8, 8))
	return ""
end

local function reset(tvb, tree)
	tree:add(f.connection, tvb(4, 4))
	tree:add(f.reset, tvb(8, 4))
	return string.format(" %d", tvb(8, 4):uint())
end

local function datagram(tvb, tree)
	tree:add(f.source, tvb(4, 2))
	tree:add(f.target_port, tvb(6, 2))
	if tvb:len() > 8 then
		tree:add(f.data, tvb(8))
	end
	return string.format(" %d > %d", tvb(4, 2):uint(), tvb(6, 2):uint())
end

local chunk_shows = {
	[0x01] = ack, [0x03] = challenge, [0x04] = challenge, [0x05] = close, [0x10] = opens,
	[0x11] = accept, [0x12] = data, [0x13] = window, [0x14] = reset, [0x15] = datagram,
}

local function chunk_length_ok(kind, length)
	if chunk_lengths[kind] then
		return length == chunk_lengths[kind]
	end
	if kind == 0x01 and length % 8 ~= 0 then
		return false
	end
	return length >= (chunk_least[kind] or 4) and (kind >= 0x80 or CHUNKS[kind] ~= nil)
end

-- Return: names of the chunks, for the column.
local function chunks(tvb, tree)
	local at, names = 0, {}

	while at < tvb:len() do
		local kind = tvb(at, 1):uint()

		if kind == 0 then
			tree:add(f.chunk, tvb(at, 1)):set_len(tvb:len() - at)
			names[#names + 1] = "PAD"
			break
		end
		local length = tvb:len() - at >= 4 and tvb(at + 2, 2):uint() or 0

		if length < 4 or length > tvb:len() - at or not chunk_length_ok(kind, length) then
			tree:add(f.chunk, tvb(at, 1)):add_proto_expert_info(e.chunk)
			names[#names + 1] = "malformed"
			break
		end
		local part = tvb(at, length):tvb()
		local item = tree:add(f.chunk, part(0, 1))
		local name = CHUNKS[kind] or string.format("unknown 0x%02x", kind)

		item:set_len(length)
		item:add(f.chunk_flags, part(1, 1))
		item:add(f.chunk_length, part(2, 2))
		if chunk_shows[kind] then
			name = name .. chunk_shows[kind](part, item)
		end
		names[#names + 1] = name
		at = at + length
	end
	return table.concat(names, ", ")
end

local function data_frame(tvb, tree, number, length)
	tree:add(f.receiver, tvb(4, 4))
	tree:add(f.lane, tvb(8, 2))
	tree:add(f.counter, tvb(10, 8))
	if length > 34 then
		tree:add(f.sealed, tvb(18, length - 34))
	end
	local tag = tree:add(f.tag, tvb(length - 16, 16))
	local what = string.format(", receiver 0x%08x, counter %s", tvb(4, 4):uint(),
				   tostring(tvb(10, 8):uint64()))
	local plain, known = plaintext(number, tvb, length)

	if not plain then
		if known then
			tag:add_proto_expert_info(e.tag)
		end
		return what .. string.format(", %d bytes sealed", length - 34)
	end
	if plain == "" then
		return what .. ", empty"
	end
	local inside = ByteArray.new(plain, true):tvb("Opened")

	return what .. ": " .. chunks(inside, tree:add(utcp, inside(), "Opened"))
end

local shows = {
	[0x01] = who_has, [0x02] = i_have, [0x03] = initiation, [0x04] = response,
	[0x05] = cookie_reply, [0x10] = data_frame,
}

function utcp.dissector(tvb, pinfo, tree)
	local item = tree:add(utcp, tvb())
	local version = item:add(f.version, tvb(0, 1))

	pinfo.cols.protocol = "UTCP"
	if tvb(0, 1):uint() ~= 0xc1 then
		version:add_proto_expert_info(e.version)
		pinfo.cols.info = "another version"
		return
	end
	if tvb:len() < 4 then
		version:add_proto_expert_info(e.short)
		pinfo.cols.info = "too short"
		return
	end
	local kind, length = tvb(1, 1):uint(), tvb(2, 2):uint()
	local kind_item = item:add(f.type, tvb(1, 1))
	local length_item = item:add(f.length, tvb(2, 2))

	pinfo.cols.info = TYPES[kind] or string.format("unknown type 0x%02x", kind)
	if not TYPES[kind] then
		kind_item:add_proto_expert_info(e.type)
		return
	end
	if length ~= (LENGTHS[kind] or length) or length < 34 then
		length_item:add_proto_expert_info(e.length)
		return
	end
	if length > tvb:len() then
		length_item:add_proto_expert_info(e.short)
		return
	end
	item:set_len(length)
	pinfo.cols.info:append(shows[kind](tvb, item, pinfo.number, length))
	if tvb:len() > length then
		item:add(f.padding, tvb(length))
	end
end

function utcp.init()
	questions = {}
	opened = {}
	read_keylog(utcp.prefs.keylog)
end

function utcp.prefs_changed()
	opened = {}
	read_keylog(utcp.prefs.keylog)
end

DissectorTable.get("ethertype"):add(0x88b5, utcp)
