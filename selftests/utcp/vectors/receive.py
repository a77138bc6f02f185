#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The receiver's side of Documentation/networking/utcp.rst, for the frames of utcp1.txt.

usage: receive.py    does it accept each of them, also with Ethernet's padding, none
                     of them in another realm, and none with any one bit changed?
"""
import os
import struct
import sys

import utcp1
from utcp1 import DH, HASH, HKDF, MAC, N0, OPEN, PRF, InvalidTag

LENGTHS = {utcp1.WHO_HAS: 84, utcp1.I_HAVE: 84, utcp1.INITIATION: 172,
           utcp1.RESPONSE: 108, utcp1.COOKIE: 56}


class Refused(Exception):
    pass


def need(true):
    if not true:
        raise Refused


class Receiver:
    """Cell 1, which has asked for cell 2 and sent it an initiation, and cell 2."""

    def __init__(self, values, discovery, handshake):
        self.v = values
        self.d = {k[3:]: x for k, x in values.items() if k.startswith(discovery + "_")}
        self.h = {k[3:]: x for k, x in values.items() if k.startswith(handshake + "_")}
        self.realm = self.h["realm"]

    def accepts(self, frame):
        try:
            frame = self.checked(frame)
            {utcp1.WHO_HAS: self.who_has, utcp1.I_HAVE: self.i_have,
             utcp1.INITIATION: self.initiation, utcp1.RESPONSE: self.response,
             utcp1.COOKIE: self.cookie, utcp1.DATA: self.data}[frame[1]](frame)
        except (Refused, InvalidTag):
            return False
        return True

    @staticmethod
    def checked(frame):
        need(len(frame) >= 4 and frame[0] == utcp1.VERSION)
        kind, length = struct.unpack(">BH", frame[1:4])
        need(length == LENGTHS[kind] if kind in LENGTHS else kind == utcp1.DATA and length >= 34)
        need(len(frame) >= length)
        frame = frame[:length]
        need(kind != utcp1.WHO_HAS or not any(frame[36:84]))
        need(kind != utcp1.INITIATION or not any(frame[9:12]))
        return frame

    def who_has(self, frame):
        key = HASH(b"UTCP/1 discovery" + self.realm)
        need(frame[20:36] == MAC(key, frame[4:20] + self.v["cell2_id"]))

    def i_have(self, frame):
        need(frame[4:20] == self.d["nonce"])
        question, cellid = self.d["who_has"], self.v["cell2_id"]
        key = PRF(HASH(b"UTCP/1 i-have" + self.realm), cellid + question + frame[20:36])
        public = OPEN(key, N0, question + frame[:36], frame[36:])
        need(utcp1.good_public(public) and utcp1.cell_id(public) == cellid)

    def initiation(self, frame):
        private, sr = self.v["cell2_private"], self.v["cell2_public"]
        need(frame[8:9] == utcp1.hint(sr, self.realm))
        need(frame[140:156] == MAC(utcp1.mac1_key(sr, self.realm), frame[:140]))
        need(not any(frame[156:]) or frame[156:] == MAC(self.h["cookie"], frame[:156]))
        ck = HASH(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
        h = HASH(HASH(ck + b"UTCP/1" + frame[:12]) + sr)
        ephemeral, static, payload = frame[12:44], frame[44:92], frame[92:140]
        need(utcp1.good_public(ephemeral))
        h, ck = HASH(h + ephemeral), HKDF(ck, ephemeral)[0]
        ck, k, _ = HKDF(ck, DH(private, ephemeral))
        public = OPEN(k, N0, h, static)
        need(utcp1.good_public(public) and public != sr)
        h = HASH(h + static)
        ck, k, _ = HKDF(ck, DH(private, public))
        suites, lanes, mtu = struct.unpack(">HHH", OPEN(k, N0, h, payload)[:6])
        need(suites & 1 and lanes and mtu >= 1280)

    def response(self, frame):
        private, public = self.v["cell1_private"], self.v["cell1_public"]
        need(frame[8:12] == self.h["sender_i"])
        need(frame[92:] == MAC(utcp1.mac1_key(public, self.realm), frame[:92]))
        ephemeral = frame[12:44]
        need(utcp1.good_public(ephemeral))
        h = HASH(self.h["m1_h"] + ephemeral)
        ck = HKDF(self.h["m1_ck"], ephemeral)[0]
        ck = HKDF(ck, DH(self.h["ei_private"], ephemeral))[0]
        ck = HKDF(ck, DH(private, ephemeral))[0]
        ck, t, k = HKDF(ck, self.realm)
        payload = OPEN(k, N0, HASH(h + t), frame[44:92])
        suite, lanes, mtu = struct.unpack(">BxHH", payload[4:10])
        need(payload[:4] == frame[4:8] and suite == 1 and lanes == 1 and mtu >= 1280)
        need(HKDF(ck, b"")[:2] == (self.h["ki"], self.h["kr"]))

    def cookie(self, frame):
        need(frame[4:8] == self.h["sender_i"])
        key = PRF(HASH(b"UTCP/1 cookie" + self.v["cell2_public"] + self.realm), frame[8:24])
        OPEN(key, N0, self.h["initiation"][140:156], frame[24:])

    def data(self, frame):
        need(frame[4:8] == self.h["sender_r"] and frame[8:10] == bytes(2))
        counter, = struct.unpack(">Q", frame[10:18])
        need(counter < 1 << 60)
        key = utcp1.lane_key(self.h["ki"], 0, 1, 0)
        plain = OPEN(key, utcp1.nonce_of(1, counter), frame[:18], frame[18:])
        need(utcp1.good_plain(plain))


def main():
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    values = utcp1.read(os.path.join(utcp1.HERE, "utcp1.txt"))
    bad = []
    for realm, other in (("r", "n"), ("n", "r")):
        here = Receiver(values, "d" + realm, "h" + realm)
        there = Receiver(values, "d" + other, "h" + other)
        frames = {f"d{realm}_{name}": here.d[name] for name in ("who_has", "i_have")}
        frames.update({f"h{realm}_{name}": here.h[name] for name in
                       ("initiation", "initiation_mac2", "cookie_reply", "response")})
        if realm == "r":
            frames["data1_frame"] = values["data1_frame"]
        for name, frame in frames.items():
            if not here.accepts(frame) or not here.accepts(frame + b"\x55" * 60):
                bad.append(f"{name} is not accepted")
            if there.accepts(frame):
                bad.append(f"{name} is accepted in another realm")
            for bit in range(8 * len(frame)):
                changed = bytearray(frame)
                changed[bit // 8] ^= 1 << bit % 8
                if here.accepts(bytes(changed) + bytes(64)):
                    bad.append(f"{name} is accepted with bit {bit % 8} of byte {bit // 8} changed")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
