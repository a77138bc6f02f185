#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reference model of UTCP/1: writes and checks the test vectors.

usage: utcp1.py            print the vectors, as they stand in utcp1.txt
       utcp1.py --check    is that what utcp1.txt has, and does the model give what
                           others have published (noise.txt)?

It is written from Documentation/networking/utcp.rst and shares nothing with the
modules, so that a mistake in one of them shows. Its names are those of that page.
"""
import base64
import hashlib
import hmac
import os
import struct
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = os.path.relpath(os.path.dirname(os.path.abspath(__file__)))
VERSION = 0xC1
WHO_HAS, I_HAVE, INITIATION, RESPONSE, COOKIE, DATA = 1, 2, 3, 4, 5, 0x10
NO_REALM = bytes(32)
N0 = bytes(12)


# --- notation -----------------------------------------------------------------

def HASH(data):
    return hashlib.blake2s(data).digest()


def PRF(key, data):
    assert len(key) == 32
    return hashlib.blake2s(data, key=key).digest()


def MAC(key, data):
    assert len(key) in (16, 32)
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def HMAC(key, data):
    return hmac.new(key, data, hashlib.blake2s).digest()


def HKDF(chain, data):
    """Its three outputs; those that are not used do not change the others."""
    t = HMAC(chain, data)
    o1 = HMAC(t, b"\x01")
    o2 = HMAC(t, o1 + b"\x02")
    o3 = HMAC(t, o2 + b"\x03")
    return o1, o2, o3


def PUBLIC(private):
    key = X25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def DH(private, public):
    assert good_public(public)
    return X25519PrivateKey.from_private_bytes(private).exchange(
        X25519PublicKey.from_public_bytes(public))


def SEAL(key, nonce, ad, plain):
    return ChaCha20Poly1305(key).encrypt(nonce, plain, ad)


def OPEN(key, nonce, ad, sealed):
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, ad)


# --- identity -----------------------------------------------------------------

def clamp(private):
    b = bytearray(private)
    b[0] &= 248
    b[31] = b[31] & 127 | 64
    return bytes(b)


def good_public(public):
    value = int.from_bytes(public, "little")
    if len(public) != 32 or value >= 2**255 - 19:
        return False
    try:
        X25519PrivateKey.from_private_bytes(clamp(HASH(b"any"))).exchange(
            X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True


def cell_id(public):
    return HASH(b"UTCP/1 cell" + public)[:16]


ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    c = 1
    for v in values:
        top = c >> 25
        c = (c & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            c ^= g if top >> i & 1 else 0
    return c


def groups(data):
    bits = "".join(f"{b:08b}" for b in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]


def bech32m(hrp, data5, constant=0x2bc830a3):
    head = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    check = polymod(head + data5 + [0] * 6) ^ constant
    data5 = data5 + [check >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(ALPHABET[v] for v in data5)


def cell_text(cellid):
    return bech32m("cell", groups(cellid))


def cell_parse(text):
    """The CellID, or None."""
    if text not in (text.lower(), text.upper()):
        return None
    text = text.lower()
    if len(text) != 37 or not text.startswith("cell1"):
        return None
    if any(c not in ALPHABET for c in text[5:]):
        return None
    data5 = [ALPHABET.index(c) for c in text[5:-6]]
    value = int("".join(f"{v:05b}" for v in data5), 2)
    if bech32m("cell", data5) != text or value & 3 or not value:
        return None
    return (value >> 2).to_bytes(16, "big")


# --- discovery ----------------------------------------------------------------

def header(kind, length):
    return struct.pack(">BBH", VERSION, kind, length)


def who_has(realm, nonce, cellid):
    target = MAC(HASH(b"UTCP/1 discovery" + realm), nonce + cellid)
    return header(WHO_HAS, 84) + nonce + target + bytes(48)


def i_have(realm, question, salt, public):
    key = PRF(HASH(b"UTCP/1 i-have" + realm), cell_id(public) + question + salt)
    head = header(I_HAVE, 84) + question[4:20] + salt
    return key, head + SEAL(key, N0, question + head, public)


# --- handshake ----------------------------------------------------------------

class Noise:
    """Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s, both ends at once.

    The values that it goes through are put into trace, as (name, bytes).
    """

    def __init__(self, prologue, realm, si, sr, ei, er):
        self.realm, self.si, self.sr, self.ei, self.er = realm, si, sr, ei, er
        self.trace = []
        self.ck = self.h = HASH(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
        self.k = None
        self.mix_hash(prologue)
        self.mix_hash(PUBLIC(sr))
        self.note("start")

    def note(self, where):
        self.trace += [(f"{where}_ck", self.ck), (f"{where}_h", self.h)]

    def mix_hash(self, data):
        self.h = HASH(self.h + data)

    def mix_key(self, data):
        self.ck, self.k, _ = HKDF(self.ck, data)

    def seal(self, name, plain):
        sealed = SEAL(self.k, N0, self.h, plain)
        assert OPEN(self.k, N0, self.h, sealed) == plain
        self.trace += [(f"{name}_key", self.k), (f"{name}_ad", self.h)]
        self.mix_hash(sealed)
        return sealed

    def message1(self, payload):
        self.mix_hash(PUBLIC(self.ei))
        self.mix_key(PUBLIC(self.ei))
        self.mix_key(DH(self.ei, PUBLIC(self.sr)))
        static = self.seal("m1_static", PUBLIC(self.si))
        self.mix_key(DH(self.si, PUBLIC(self.sr)))
        payload = self.seal("m1_payload", payload)
        self.note("m1")
        return PUBLIC(self.ei) + static + payload

    def message2(self, payload):
        self.mix_hash(PUBLIC(self.er))
        self.mix_key(PUBLIC(self.er))
        self.mix_key(DH(self.er, PUBLIC(self.ei)))
        self.mix_key(DH(self.er, PUBLIC(self.si)))
        self.ck, t, self.k = HKDF(self.ck, self.realm)
        self.mix_hash(t)
        payload = self.seal("m2_payload", payload)
        self.note("m2")
        return PUBLIC(self.er) + payload

    def split(self):
        return HKDF(self.ck, b"")[:2]


def mac1_key(receiver, realm):
    return HASH(b"UTCP/1 mac1" + receiver + realm)


def hint(receiver, realm):
    return HASH(b"UTCP/1 hint" + receiver + realm)[:1]


def cookie_reply(responder, realm, index, salt, mac1, cookie):
    key = PRF(HASH(b"UTCP/1 cookie" + responder + realm), salt)
    return header(COOKIE, 56) + index + salt + SEAL(key, N0, mac1, cookie)


# --- data ---------------------------------------------------------------------

def lane_key(secret, lane, suite, epoch):
    return HKDF(secret, b"UTCP/1 lane" + struct.pack(">HBI", lane, suite, epoch))[0]


def epoch_of(suite, counter):
    return counter >> (60 if suite == 1 else 23)


def nonce_of(suite, counter):
    return bytes(4) + struct.pack("<Q" if suite == 1 else ">Q", counter)


def data_frame(secret, suite, index, lane, counter, plain):
    head = header(DATA, 18 + len(plain) + 16) + index + struct.pack(">HQ", lane, counter)
    key = lane_key(secret, lane, suite, epoch_of(suite, counter))
    aead = ChaCha20Poly1305(key) if suite == 1 else AESGCM(key)
    return head + aead.encrypt(nonce_of(suite, counter), plain, head)


class Window:
    """The replay window of the page, by a set: no ring that could be off by one."""

    def __init__(self):
        self.greatest, self.seen = None, set()

    def take(self, counter):
        if counter >= 1 << 60:
            return False
        if self.greatest is not None and counter <= self.greatest:
            if self.greatest - counter >= 8192 or counter in self.seen:
                return False
        else:
            self.greatest = counter
        self.seen.add(counter)
        return True


# --- chunks -------------------------------------------------------------------

ACK, PING, CHALLENGE, ANSWER, CLOSE = 1, 2, 3, 4, 5
OPENS, ACCEPT, DATA_CHUNK, WINDOW, RESET, DATAGRAM = 0x10, 0x11, 0x12, 0x13, 0x14, 0x15
FIN, EOR = 1, 2
MOST = 1 << 62


def chunk(kind, body=b"", flags=0):
    return struct.pack(">BBH", kind, flags, 4 + len(body)) + body


def ack(index, greatest, delay, first, *pairs):
    return chunk(ACK, struct.pack(">4sQII", index, greatest, delay, first) +
                 b"".join(struct.pack(">II", *pair) for pair in pairs))


def opens(number, source, target, kind, window, longest):
    return chunk(OPENS, struct.pack(">IHHB3xQI", number, source, target, kind, window, longest))


def data(number, offset, content, flags=0):
    return chunk(DATA_CHUNK, struct.pack(">IQ", number, offset) + content, flags)


def good_ack(body):
    _, greatest, _, first = struct.unpack(">4sQII", body[:20])
    low = greatest - first
    for gap, run in struct.iter_unpack(">II", body[20:]):
        low -= gap + run
        if not gap or not run:
            return False
    return low >= 0 and greatest < 1 << 60


def good_open(body):
    _, source, target, kind, pad, _, longest = struct.unpack(">IHHB3sQI", body)
    return (source and target and kind in (1, 2) and pad == bytes(3) and
            (longest > 0) == (kind == 2))


def good_data(flags, body):
    _, offset = struct.unpack(">IQ", body[:12])
    size = len(body) - 12
    return offset + size <= MOST and (size or flags == FIN)


def good_chunk(kind, flags, size, body):
    if kind >= 0x80:
        return True
    if flags & ~(FIN | EOR if kind == DATA_CHUNK else 0):
        return False
    if kind == ACK:
        return 24 <= size <= 528 and size % 8 == 0 and good_ack(body)
    if kind == DATAGRAM:
        return size >= 8 and all(struct.unpack(">HH", body[:4]))
    if kind in (PING, CHALLENGE, ANSWER, CLOSE):
        return size == {PING: 4, CHALLENGE: 20, ANSWER: 20, CLOSE: 8}[kind]
    # The others are about a connection, whose serial number is not 0.
    if int.from_bytes(body[:4], "big") < 2:
        return False
    if kind == DATA_CHUNK:
        return size >= 16 and good_data(flags, body)
    if kind == OPENS:
        return size == 28 and good_open(body)
    if kind == ACCEPT:
        return size == 20 and struct.unpack(">Q", body[4:12])[0] >= 16384
    return size == {WINDOW: 16, RESET: 12}.get(kind)


def good_plain(plain):
    """Are all chunks of a frame well formed?"""
    at, kinds = 0, []
    while at < len(plain) and plain[at]:
        if len(plain) - at < 4:
            return False
        kind, flags, size = struct.unpack(">BBH", plain[at:at + 4])
        if size < 4 or size > len(plain) - at:
            return False
        if not good_chunk(kind, flags, size, plain[at + 4:at + size]):
            return False
        at += size
        kinds.append(kind)
    return CHALLENGE not in kinds or kinds == [CHALLENGE]


# --- the vectors --------------------------------------------------------------

class Output:
    def __init__(self):
        self.lines = []
        self.names = set()

    def text(self, *lines):
        self.lines += ["", *(f"# {line}" for line in lines)]

    def put(self, name, value):
        assert name not in self.names, name
        self.names.add(name)
        self.lines.append(f"{name} = {value.hex()}")

    def put_text(self, name, text):
        self.lines.append(f"# {text!r}")
        self.put(name, text.encode("latin-1"))


def fixed(what, length=32):
    """Bytes that nobody chose."""
    return hashlib.shake_256(b"UTCP/1 test vectors: " + what.encode()).digest(length)


def put_identity(out):
    for n in (1, 2, 3):
        private = clamp(fixed(f"cell {n}"))
        public = PUBLIC(private)
        assert good_public(public) and cell_parse(cell_text(cell_id(public))) == cell_id(public)
        out.text(f"Cell {n}: private key (clamped), public key and its text, CellID and its text")
        out.put(f"cell{n}_private", private)
        out.put(f"cell{n}_public", public)
        out.put_text(f"cell{n}_public_text", base64.b64encode(public).decode())
        out.put(f"cell{n}_id", cell_id(public))
        out.put_text(f"cell{n}_text", cell_text(cell_id(public)))

    out.text("Public keys that must be refused: of low order, then not canonical")
    p = 2**255 - 19
    low = (0, 1, 325606250916557431795983626356110631294008115727848805560023387167927233504,
           39382357235489614581723060781553021112529911719440698176882885853963445705823, p - 1)
    bad = [v.to_bytes(32, "little") for v in low + (p, p + 1, p + 9, 2**255 - 1, 2**255 + 9)]
    bad.append((int.from_bytes(PUBLIC(clamp(fixed("cell 1"))), "little") + 2**255)
               .to_bytes(32, "little"))
    for n, public in enumerate(bad, 1):
        assert not good_public(public)
        out.put(f"bad_public_{n:02}", public)
    out.text("Public keys that are near those and good")
    for n, value in enumerate((9, p - 2), 1):
        assert good_public(value.to_bytes(32, "little"))
        out.put(f"odd_public_{n:02}", value.to_bytes(32, "little"))

    cellid = cell_id(PUBLIC(clamp(fixed("cell 1"))))
    text = cell_text(cellid)
    out.text("Text that stands for cell1_id too")
    assert cell_parse(text.upper()) == cellid
    out.put_text("good_text_01", text.upper())
    data5 = groups(cellid)
    other = text[:-1] + ("q" if text[-1] != "q" else "p")
    out.text("Texts that are no CellID: mixed case, short, long, another prefix, other",
             "characters, wrong checksum, Bech32's checksum, bits behind the end, another",
             "length under a good checksum, the CellID of zeros, no separator, space")
    for n, t in enumerate((
            text[:-1] + text[-1].upper() if text[-1].isalpha() else text[:-2] + text[-2:].upper(),
            "Cell" + text[4:], text[:-1], text + "q", bech32m("sell", data5),
            text[:9] + "b" + text[10:], text[:9] + "\xe9" + text[10:], text[:9] + " " + text[10:],
            other, text[:10] + text[11] + text[10] + text[12:],
            bech32m("cell", data5, 1), bech32m("cell", data5[:-1] + [data5[-1] | 1]),
            bech32m("cell", data5[:-1] + [data5[-1] | 2]), bech32m("cell", data5 + [0]),
            bech32m("cell", data5[:-1]), bech32m("cell", [0] * 26), "cell" + text[5:] + "q",
            " " + text[:-1]), 1):
        assert cell_parse(t) is None, t
        out.put_text(f"bad_text_{n:02}", t)


def put_discovery(out):
    public = PUBLIC(clamp(fixed("cell 2")))
    for prefix, realm in (("dr", fixed("realm")), ("dn", NO_REALM)):
        out.text("Discovery of cell 2 " + ("with a realm" if prefix == "dr" else "without a realm"))
        nonce, salt = fixed("nonce", 16), fixed("salt", 16)
        question = who_has(realm, nonce, cell_id(public))
        key, answer = i_have(realm, question, salt, public)
        assert OPEN(key, N0, question + answer[:36], answer[36:]) == public
        out.put(f"{prefix}_realm", realm)
        out.put(f"{prefix}_nonce", nonce)
        out.put(f"{prefix}_target_key", HASH(b"UTCP/1 discovery" + realm))
        out.put(f"{prefix}_target", question[20:36])
        out.put(f"{prefix}_who_has", question)
        out.put(f"{prefix}_salt", salt)
        out.put(f"{prefix}_key", key)
        out.put(f"{prefix}_i_have", answer)


def put_handshake(out, prefix, realm):
    """One handshake with all that is on the way; returns the secrets of the directions."""
    si, sr = clamp(fixed("cell 1")), clamp(fixed("cell 2"))
    ei, er = clamp(fixed("ephemeral 1")), clamp(fixed("ephemeral 2"))
    index_i, index_r = fixed("index 1", 4), fixed("index 2", 4)
    boot_i, boot_r = fixed("boot id 1", 16), fixed("boot id 2", 16)

    out.text("Handshake of cell 1 with cell 2, " +
             ("with a realm" if prefix == "hr" else "without a realm"),
             "ck and h behind each message; for each seal its key and associated data")
    for name, value in (("realm", realm), ("ei_private", ei), ("er_private", er),
                        ("ei", PUBLIC(ei)), ("er", PUBLIC(er)),
                        ("dh_es", DH(ei, PUBLIC(sr))), ("dh_ss", DH(si, PUBLIC(sr))),
                        ("dh_ee", DH(er, PUBLIC(ei))), ("dh_se", DH(er, PUBLIC(si))),
                        ("sender_i", index_i), ("sender_r", index_r),
                        ("hint", hint(PUBLIC(sr), realm))):
        out.put(f"{prefix}_{name}", value)
    assert DH(ei, PUBLIC(sr)) == DH(sr, PUBLIC(ei)) and DH(er, PUBLIC(si)) == DH(si, PUBLIC(er))

    head = header(INITIATION, 172) + index_i + hint(PUBLIC(sr), realm) + bytes(3)
    prologue = b"UTCP/1" + head
    noise = Noise(prologue, realm, si, sr, ei, er)
    payload1 = struct.pack(">HHHH", 1, 1, 1500, 0) + boot_i + struct.pack(">Q", 0x18A1B2C3D4000000)
    body = head + noise.message1(payload1)
    key = mac1_key(PUBLIC(sr), realm)
    initiation = body + MAC(key, body) + bytes(16)
    assert len(initiation) == 172
    out.put(f"{prefix}_prologue", prologue)
    out.put(f"{prefix}_payload1", payload1)
    out.put(f"{prefix}_initiation_mac1_key", key)
    out.put(f"{prefix}_initiation", initiation)

    secret, salt = fixed("cookie secret"), fixed("cookie salt", 16)
    place = bytes.fromhex("020000000001") + struct.pack(">IH", 7, 0)
    cookie = MAC(secret, place)
    reply = cookie_reply(PUBLIC(sr), realm, index_i, salt, initiation[140:156], cookie)
    assert len(reply) == 56
    out.put(f"{prefix}_cookie_secret", secret)
    out.put(f"{prefix}_cookie_place", place)
    out.put(f"{prefix}_cookie", cookie)
    out.put(f"{prefix}_cookie_salt", salt)
    out.put(f"{prefix}_cookie_key", HASH(b"UTCP/1 cookie" + PUBLIC(sr) + realm))
    out.put(f"{prefix}_cookie_reply", reply)
    # A real initiator would make another initiation; mac2 is what is shown.
    out.put(f"{prefix}_initiation_mac2", initiation[:156] + MAC(cookie, initiation[:156]))

    payload2 = index_r + struct.pack(">BBHHH", 1, 0, 1, 9000, 0) + boot_r + bytes(4)
    body = header(RESPONSE, 108) + index_r + index_i + noise.message2(payload2)
    key = mac1_key(PUBLIC(si), realm)
    response = body + MAC(key, body)
    assert len(response) == 108
    out.put(f"{prefix}_payload2", payload2)
    out.put(f"{prefix}_response_mac1_key", key)
    out.put(f"{prefix}_response", response)
    for name, value in noise.trace:
        out.put(f"{prefix}_{name}", value)
    ki, kr = noise.split()
    out.put(f"{prefix}_ki", ki)
    out.put(f"{prefix}_kr", kr)
    return ki, kr


def put_keys(out, ki, kr):
    out.text("Keys of the association with a realm: direction, lane, suite, epoch")
    for direction, secret in (("i", ki), ("r", kr)):
        for lane in (0, 1):
            for suite in (1, 2):
                for epoch in (0, 1):
                    out.put(f"key_{direction}_l{lane}_s{suite}_e{epoch}",
                            lane_key(secret, lane, suite, epoch))
    out.text("Nonces: suite, counter 0x0102030405060708")
    for suite in (1, 2):
        out.put(f"nonce_s{suite}", nonce_of(suite, 0x0102030405060708))


def put_window(out):
    # Each line: counter, then 1 if it is taken and 0 if it is dropped.
    out.text("Replay window: u64 counter, u8 1 (taken) or 0 (dropped), in this order")
    w, last = 8192, (1 << 60) - 1
    counters = [
        0, 0, 1, 1, 9, 8, 7, 7, 6, 5, 4, 3, 2, 2, w + 16, 3, w + 16, w + 15, w + 14,
        17, 16, 17, 18, w + 17, 18, 17, 2 * w + 17, 2 * w + 17, w + 17, w + 18, w + 18,
        3 * w + 16, 2 * w + 17, 2 * w + 18, 4 * w + 16, 3 * w + 16, 3 * w + 17, 4 * w + 79,
        3 * w + 79, 3 * w + 80, 3 * w + 143, 3 * w + 144, 1 << 40, 4 * w + 79, (1 << 40) - w,
        (1 << 40) - w + 1, (1 << 40) - 1, (1 << 40) - 64, (1 << 40) - 63, (1 << 40) - 65,
        last, last, last - w, last - w + 1, last - 1, last + 1, (1 << 64) - 1, 1 << 63, 0]
    window = Window()
    for n, counter in enumerate(counters, 1):
        out.put(f"replay_{n:02}", struct.pack(">QB", counter, window.take(counter)))
    out.text("Replay window of another lane: the first counter need not be 0")
    window = Window()
    for n, counter in enumerate((5, 4, 5, 0, 5 + w, 5, 6, last + 1), 1):
        out.put(f"replay_b{n:02}", struct.pack(">QB", counter, window.take(counter)))


def put_frames(out, ki, kr):
    index_i, index_r = fixed("index 1", 4), fixed("index 2", 4)
    # The public key of cell 2 is the lesser one, so what cell 1 opens is odd.
    number = 1 << 1 | 1
    first = opens(number, 49152, 7, 1, 65536, 0) + data(number, 0, b"hello", FIN)
    second = (ack(index_r, 5, 250, 1, (2, 1)) + chunk(ACCEPT, struct.pack(">IQI", number, 65536, 0))
              + chunk(WINDOW, struct.pack(">IQ", number, 131072)) + data(number, 0, b"world")
              + bytes(3))
    out.text("Data frames of the association with a realm: direction (letter i or r), u8 suite",
             "and u16 lane; plaintext, if there is any; frame. The last three are of step two:",
             "lane 1; suite 2, epochs 0 and 1")
    for n, (secret, suite, index, lane, counter, plain) in enumerate((
            (ki, 1, index_r, 0, 0, first), (kr, 1, index_i, 0, 0x01020304050607, second),
            (kr, 1, index_i, 0, 7, b""), (ki, 1, index_r, 1, 1, chunk(PING)),
            (ki, 2, index_r, 1, (1 << 23) - 1, first), (ki, 2, index_r, 1, 1 << 23, first)), 1):
        assert good_plain(plain)
        which = (b"i" if secret is ki else b"r") + struct.pack(">BH", suite, lane)
        out.put(f"data{n}_which", which)
        if plain:
            out.put(f"data{n}_plain", plain)
        out.put(f"data{n}_frame", data_frame(secret, suite, index, lane, counter, plain))


def put_chunks(out):
    message, stream = data(3, 7, b"x", EOR), opens(2, 1, 1, 1, 0, 0)
    good = [
        bytes(1), bytes(100), b"\0\xff\xff", chunk(PING), chunk(PING) + bytes(5),
        chunk(PING) * 3 + b"\0\1\2\3",
        ack(bytes(4), 0, 0, 0), ack(b"abcd", (1 << 60) - 1, (1 << 32) - 1, 0),
        ack(b"abcd", 200, 0, 10, *((1, 2) for _ in range(63))), ack(b"abcd", 10, 0, 10),
        ack(b"abcd", 10, 0, 0, (9, 1)),
        chunk(CHALLENGE, bytes(16)), chunk(CHALLENGE, bytes(16)) + bytes(900),
        chunk(ANSWER, bytes(16)) + chunk(PING), chunk(CLOSE, bytes(4)),
        chunk(CLOSE, b"\xff" * 4),
        opens(2, 1, 65535, 1, 0, 0), opens(3, 49152, 22, 2, (1 << 64) - 1, 1),
        chunk(ACCEPT, struct.pack(">IQI", 2, 16384, 0)), message,
        data(3, 0, b"", FIN), data(3, MOST, b"", FIN), data(3, MOST - 1, b"x", FIN | EOR),
        message + message, chunk(WINDOW, struct.pack(">IQ", 9, 1)),
        chunk(RESET, struct.pack(">II", 9, 77)), chunk(DATAGRAM, struct.pack(">HH", 1, 2)),
        chunk(DATAGRAM, struct.pack(">HH", 1, 2) + b"data"),
        chunk(0x80), chunk(0xFF, b"anything", 0xA5), chunk(0x80) + chunk(PING)]
    accept = chunk(ACCEPT, struct.pack(">IQI", 2, 16384, 0))
    bad = [
        b"\2", chunk(PING)[:3], chunk(PING) + b"\2", chunk(PING) + b"\1\2\3",
        chunk(PING, b"", 1), chunk(PING, b"x"), b"\2\0\0\3", b"\2\0\0\0", b"\2\0\0\5",
        b"\2\0\4\0", chunk(6), chunk(0x0F), chunk(0x16), chunk(0x7F), b"\x80\0\0\3", b"\x80\0\0\5",
        ack(b"abcd", 1, 0, 2), ack(b"abcd", 10, 0, 0, (0, 1)), ack(b"abcd", 10, 0, 0, (1, 0)),
        ack(b"abcd", 10, 0, 0, (10, 1)), ack(b"abcd", 10, 0, 0, ((1 << 32) - 1, (1 << 32) - 1)),
        ack(b"abcd", 1 << 60, 0, 0), ack(b"abcd", 9, 0, 0)[:-1], chunk(ACK, bytes(24)),
        chunk(ACK, bytes(20), 1), ack(b"abcd", 999, 0, 0, *((1, 1) for _ in range(64))),
        chunk(CHALLENGE, bytes(15)), chunk(CHALLENGE, bytes(17)),
        chunk(CHALLENGE, bytes(16)) + chunk(PING), chunk(PING) + chunk(CHALLENGE, bytes(16)),
        chunk(CHALLENGE, bytes(16)) * 2,
        chunk(ANSWER, bytes(15)), chunk(CLOSE), chunk(CLOSE, bytes(5)),
        opens(0, 1, 1, 1, 0, 0), opens(1, 1, 1, 1, 0, 0), opens(2, 0, 1, 1, 0, 0),
        opens(2, 1, 0, 1, 0, 0),
        opens(2, 1, 1, 0, 0, 0), opens(2, 1, 1, 3, 0, 0), opens(2, 1, 1, 1, 0, 1),
        opens(2, 1, 1, 2, 0, 0), stream[:13] + b"\1" + stream[14:],
        stream[:15] + b"\1" + stream[16:], stream[:-1], accept[:-1], accept + b"\1",
        chunk(ACCEPT, struct.pack(">IQI", 2, 16383, 0)), bytes([0x11, 4]) + accept[2:],
        chunk(ACCEPT, bytes(16)), data(3, 0, b""), data(3, 0, b"", EOR), data(3, 0, b"", FIN | EOR),
        data(3, 0, b"x", 4), data(0, 0, b"x"), data(1, 0, b"x"), data(3, MOST, b"x"),
        data(3, 1 << 63, b"x"),
        data(3, (1 << 64) - 1, b"xx"), chunk(DATA_CHUNK, bytes(11), FIN),
        chunk(WINDOW, bytes(12)), chunk(WINDOW, b"abcdefgh"), chunk(RESET, bytes(8)),
        chunk(RESET, b"abcd"), chunk(DATAGRAM, bytes(4)), chunk(DATAGRAM, b"\0\1\0\0"),
        chunk(DATAGRAM, b"\0\0\0\1"), chunk(DATAGRAM, b"\0\1\0"),
        message + chunk(PING, b"x"), message + b"\x12\0"]
    out.text("Plaintexts whose chunks are all well formed")
    for n, plain in enumerate(good, 1):
        assert good_plain(plain), plain
        out.put(f"good_plain_{n:02}", plain)
    out.text("Plaintexts that have a malformed chunk")
    for n, plain in enumerate(bad, 1):
        assert not good_plain(plain), plain
        out.put(f"bad_plain_{n:02}", plain)


def vectors():
    out = Output()
    put_identity(out)
    put_discovery(out)
    ki, kr = put_handshake(out, "hr", fixed("realm"))
    put_handshake(out, "hn", NO_REALM)
    put_keys(out, ki, kr)
    put_window(out)
    put_frames(out, ki, kr)
    put_chunks(out)
    return HEAD + "\n".join(out.lines) + "\n"


HEAD = """\
# SPDX-License-Identifier: GPL-2.0-only
#
# Test vectors of UTCP/1 (Documentation/networking/utcp.rst), written by utcp1.py,
# which says what they are. One a line, as "name = hex"; texts are hex too, and
# stand in clear in the line before. Names are [a-z0-9_].
"""


# --- checking -----------------------------------------------------------------

def read(path):
    values = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, value = line.split(" =", 1)
                values[name] = bytes.fromhex(value.strip())
    return values


def check_noise(path):
    """What others have published, for the same handshake; returns complaints."""
    v = read(path)
    noise = Noise(v["prologue"], v["psk"], v["init_static"], v["resp_static"],
                  v["init_ephemeral"], v["resp_ephemeral"])
    got = {"message1": noise.message1(v["payload1"]), "message2": noise.message2(v["payload2"])}
    got["handshake_hash"] = noise.h
    ki, kr = noise.split()
    for n in (3, 4, 5, 6):
        secret = ki if n % 2 else kr
        got[f"message{n}"] = SEAL(secret, nonce_of(1, (n - 3) // 2), b"", v[f"payload{n}"])
    return [f"{path}: {name}: the model gives {value.hex()}"
            for name, value in got.items() if value != v[name]]


def check():
    path = os.path.join(HERE, "utcp1.txt")
    bad = check_noise(os.path.join(HERE, "noise.txt"))
    # Two of the valid strings of BIP-350.
    for data5, text in (([], "a1lqfn3a"), (list(range(31, -1, -1)),
                                           "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")):
        if bech32m(text.split("1")[0], data5) != text:
            bad.append(f"the model's Bech32m does not give {text}")
    with open(path, encoding="utf-8") as file:
        have = file.read().split("\n")
    want = vectors().split("\n")
    for n in range(max(len(have), len(want))):
        h, w = (lines[n] if n < len(lines) else "(nothing)" for lines in (have, want))
        if h != w:
            bad.append(f"{path}:{n + 1}: has {h}; the model gives {w}")
            break
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    sys.stdout.write(vectors())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InvalidTag:
        sys.exit("the model cannot open what it has sealed")
